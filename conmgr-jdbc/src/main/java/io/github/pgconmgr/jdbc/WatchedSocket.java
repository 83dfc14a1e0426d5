package io.github.pgconmgr.jdbc;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A socket to an instance that tells its {@link Watch} when it is closed, and whose errors tell why after conmgr's notice (the
 * application finds the text as the cause of pgjdbc's 08006).
 *
 * <p>Shared as every socket: one thread may close it while another waits in it.
 */
class WatchedSocket extends Socket {

    private static final int TERMINATE_BYTES = 5;

    private volatile @Nullable Watch watch;
    private volatile boolean cut;

    /** Not watched until {@link #watchBy}. */
    WatchedSocket() {}

    WatchedSocket(Watch watch) {
        this.watch = watch;
    }

    /** For a socket that learns only when it connects that a conmgr watches over it. */
    final void watchBy(Watch newWatch) {
        watch = newWatch;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            super.close();
        } finally {
            cut = false;
            Watch mine = watch;
            if (mine != null) {
                mine.onSocketClosed(this);
            }
        }
    }

    /** Closes the connection without its user's doing, which ends every wait on it. Does not block. */
    final void cut() throws IOException {
        // A socket that is still connecting is just closed, so that it cannot be connected any more.
        cut = isConnected();
        super.close();
    }

    /**
     * A connection that was cut is not closed yet to its user: the next use of it shall fail as with an instance that died
     * (08006, A2). pgjdbc looks before each use and would say 08003 of a closed socket.
     */
    @Override
    public boolean isClosed() {
        return !cut && super.isClosed();
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        if (!cut) {
            super.setSoTimeout(millis);
        }
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
        return cut ? 0 : super.getSoTimeout();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Input(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Output(super.getOutputStream());
    }

    private SocketException explain(SocketException e) {
        Watch mine = watch;
        String reason = mine == null ? null : mine.reason();
        if (reason == null) {
            return e;
        }
        SocketException explained = new SocketException(reason);
        explained.initCause(e);
        return explained;
    }

    private final class Input extends FilterInputStream {
        Input(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (SocketException e) {
                throw explain(e);
            }
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                return in.read(buffer, from, length);
            } catch (SocketException e) {
                throw explain(e);
            }
        }
    }

    private final class Output extends FilterOutputStream {
        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] buffer, int from, int length) throws IOException {
            if (cut && isTerminate(buffer, from, length)) {
                return;
            }
            try {
                out.write(buffer, from, length);
            } catch (SocketException e) {
                throw explain(e);
            }
        }

        /** PostgreSQL's goodbye. There is nobody left to hear it, and closing a dead connection is no error. */
        private static boolean isTerminate(byte[] buffer, int from, int length) {
            return length == TERMINATE_BYTES && buffer[from] == 'X';
        }
    }
}
