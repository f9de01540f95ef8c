package dev.tarn.containers;

import dev.tarn.spi.Containers;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a program prints, and stops it when a test wants. */
final class Notes implements Containers.Watch {
    private final StringBuilder printed = new StringBuilder();
    private final List<Runnable> stops = new ArrayList<>();
    private boolean stopped;
    private boolean handedOver;

    @Override
    public synchronized void print(String text) {
        printed.append(text);
        notifyAll();
    }

    @Override
    public void onStop(Runnable action) {
        synchronized (this) {
            stops.add(action);
            if (!stopped) {
                return;
            }
        }
        action.run();
    }

    @Override
    public synchronized boolean isStopped() {
        return stopped;
    }

    @Override
    public synchronized boolean isHandedOver() {
        return handedOver;
    }

    void stop(boolean another) {
        List<Runnable> actions;
        synchronized (this) {
            stopped = true;
            handedOver = another;
            actions = List.copyOf(stops);
        }
        actions.forEach(Runnable::run);
    }

    synchronized void awaitPrinted(String text) throws InterruptedException {
        while (printed.indexOf(text) < 0) {
            wait();
        }
    }

    synchronized String printed() {
        return printed.toString();
    }
}
