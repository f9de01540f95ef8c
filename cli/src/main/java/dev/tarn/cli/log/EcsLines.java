package dev.tarn.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes lines of JSON on a thread of its own, so that nobody waits for a pipe that takes nothing.
 * Lines beyond a thousand that wait are lost and counted.
 */
final class EcsLines extends AppenderBase<ILoggingEvent> {
    static final int WAITING_MAX = 1_000;
    private static final long LAST_MILLIS = 2_000;

    private final PrintStream out;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer =
            Thread.ofPlatform().name("log-lines").daemon(true).unstarted(this::write);
    private volatile boolean closing;

    EcsLines(PrintStream out) {
        this.out = out;
    }

    @Override
    public void start() {
        super.start();
        writer.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "log-end"));
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!lines.offer(EcsLine.of(event))) {
            lost.incrementAndGet();
        } else if (lost.get() > 0 && lines.remainingCapacity() > 0) {
            long count = lost.getAndSet(0);
            if (count > 0 && !lines.offer(EcsLine.lost(event.getInstant(), count))) {
                lost.addAndGet(count);
            }
        }
    }

    private void write() {
        try {
            while (!closing || !lines.isEmpty()) {
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    out.print(line);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        super.stop();
        closing = true;
        try {
            writer.join(LAST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
