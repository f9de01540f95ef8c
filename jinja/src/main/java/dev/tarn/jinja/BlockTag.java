package dev.tarn.jinja;

/**
 * A tag that a client adds to the language: {@code {% name header %}body{% endname %}}. Templates
 * list its uses as {@link Block}s; rendering skips them.
 *
 * @param name the tag's name
 * @param header what follows the name
 * @param body how the body is read
 */
public record BlockTag(String name, Header header, Body body) {
    /** What follows the tag's name. */
    public enum Header {
        /** A name and parameters in parentheses, like a macro. */
        SIGNATURE,
        /** A name. */
        NAME,
        /** A name, then settings with constant values or bare flags, separated by commas. */
        SETTINGS
    }

    /** How the body is read. */
    public enum Body {
        TEMPLATE,
        RAW
    }

    public static BlockTag withSignature(String name) {
        return new BlockTag(name, Header.SIGNATURE, Body.TEMPLATE);
    }

    public static BlockTag withName(String name) {
        return new BlockTag(name, Header.NAME, Body.TEMPLATE);
    }

    public static BlockTag withSettings(String name) {
        return new BlockTag(name, Header.SETTINGS, Body.TEMPLATE);
    }

    /** Returns a tag with a name whose body is not interpreted. */
    public static BlockTag rawText(String name) {
        return new BlockTag(name, Header.NAME, Body.RAW);
    }
}
