package dev.tarn.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A network to a server on this machine that breaks, falls silent or trickles. */
final class CutNetwork implements AutoCloseable {
    /** So that a server cannot be far ahead of what has passed. */
    private static final int LITTLE = 65_536;

    private final ServerSocket listening;
    private volatile int target;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong passed = new AtomicLong();
    private final AtomicReference<@Nullable Then> after = new AtomicReference<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;
    private volatile int bytesAtOnce = 8192;
    private volatile long pauseMillis;

    CutNetwork(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** A network whose server is told of later, by {@link #to}. */
    CutNetwork() throws IOException {
        this(0);
    }

    void to(int port) {
        target = port;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many bytes have come from the server. */
    long passed() {
        return passed.get();
    }

    void cutAfter(long bytes) {
        left.set(bytes);
    }

    /**
     * Does something when so many bytes have come from the server since the beginning: what follows
     * on that connection waits for it.
     */
    void after(long bytes, Runnable then) {
        after.set(new Then(bytes, then));
    }

    private record Then(long bytes, Runnable work) {}

    /** From now on nothing comes from the server, and nobody is told. */
    void silence() {
        silent = true;
    }

    void speakAgain() {
        silent = false;
    }

    /**
     * The connections that there are stay open at both ends, and nothing passes through them any
     * more, not even that an end was closed. New ones are as good as ever.
     */
    void lose() {
        links.forEach(link -> link.lost = true);
    }

    /** From now on the server's bytes come in drops of so many, with a pause before each. */
    void trickle(int bytes, long millis) {
        bytesAtOnce = bytes;
        pauseMillis = millis;
    }

    void flow() {
        trickle(8192, 0);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept());
            } catch (IOException e) {
                return;
            }
        }
    }

    /** A client whose server is not there is sent away; the next may find it. */
    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.setReceiveBufferSize(LITTLE);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        } catch (IOException away) {
            server.close();
            client.close();
            return;
        }
        Link link = new Link(client, server);
        links.add(link);
        Thread.ofVirtual().start(() -> pass(link, client, server, false));
        Thread.ofVirtual().start(() -> pass(link, server, client, true));
    }

    /** A connection of a client, and ours to the server for it. */
    private static final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean lost;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private void pass(Link link, Socket from, Socket to, boolean counted) {
        try {
            copy(link, from.getInputStream(), to.getOutputStream(), counted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The other side is gone, which is what this is for.
        }
        try {
            if (!link.lost) {
                links.remove(link);
                link.close();
            }
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private void copy(Link link, InputStream in, OutputStream out, boolean counted)
            throws IOException, InterruptedException {
        byte[] some = new byte[8192];
        for (int n = in.read(some, 0, most(counted)); n >= 0; n = in.read(some, 0, most(counted))) {
            if (counted && pauseMillis > 0) {
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
            if (counted && left.addAndGet(-n) < 0) {
                return;
            }
            if (!silent && !link.lost) {
                out.write(some, 0, n);
                passed.addAndGet(counted ? n : 0);
                look();
            }
        }
    }

    private void look() {
        Then next = after.get();
        if (next != null && passed.get() >= next.bytes() && after.compareAndSet(next, null)) {
            next.work().run();
        }
    }

    private int most(boolean counted) {
        return counted ? bytesAtOnce : 8192;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Link link : links) {
            if (link.lost) {
                link.close();
            }
        }
    }
}
