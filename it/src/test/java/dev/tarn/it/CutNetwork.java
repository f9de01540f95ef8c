package dev.tarn.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A network to a server on this machine that breaks after so many bytes from it. */
final class CutNetwork implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean silent;

    CutNetwork(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cutAfter(long bytes) {
        left.set(bytes);
    }

    /** From now on nothing comes from the server, and nobody is told. */
    void silence() {
        silent = true;
    }

    void speakAgain() {
        silent = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().start(() -> pass(client, server, false));
                Thread.ofVirtual().start(() -> pass(server, client, true));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, boolean counted) {
        byte[] some = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int n = in.read(some); n >= 0; n = in.read(some)) {
                if (counted && left.addAndGet(-n) < 0) {
                    return;
                }
                if (!silent) {
                    out.write(some, 0, n);
                }
            }
        } catch (IOException e) {
            // The other side is gone, which is what this is for.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
