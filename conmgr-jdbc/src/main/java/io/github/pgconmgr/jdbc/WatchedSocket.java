package io.github.pgconmgr.jdbc;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * A socket to an instance that tells its {@link Watch} when it is closed, and whose errors tell why after conmgr's notice (the
 * application finds the text as the cause of pgjdbc's 08006).
 *
 * <p>Shared as every socket: one thread may close it while another waits in it.
 */
final class WatchedSocket extends Socket {

    private final Watch watch;

    WatchedSocket(Watch watch) {
        this.watch = watch;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            super.close();
        } finally {
            watch.onSocketClosed(this);
        }
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
        String reason = watch.reason();
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
            try {
                out.write(buffer, from, length);
            } catch (SocketException e) {
                throw explain(e);
            }
        }
    }
}
