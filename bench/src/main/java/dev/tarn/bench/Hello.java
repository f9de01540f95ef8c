package dev.tarn.bench;

/** The least a program on the virtual machine can do. */
public final class Hello {
    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
