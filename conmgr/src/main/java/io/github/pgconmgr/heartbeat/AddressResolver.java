package io.github.pgconmgr.heartbeat;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Name resolution, which may block for seconds, on a thread of its own ({@code resolver}).
 *
 * <p>Shared: any thread may ask; the answer is posted to the asker's executor.
 */
final class AddressResolver implements AutoCloseable {

    /** How a name is looked up. Blocks. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> new FastThreadLocalThread(task, "resolver"));

    AddressResolver(Lookup lookup) {
        this.lookup = lookup;
    }

    /** The address that a numeric text means, without asking anybody; empty if it is no numeric address. */
    static List<InetAddress> numeric(String hostaddr) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(hostaddr);
        try {
            // A scope ("fe80::1%eth0") is kept by getByName, which asks no name server for a literal.
            return bytes == null ? List.of() : List.of(InetAddress.getByName(hostaddr));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** Asks; an empty list means that the name does not resolve. The answer may never come once this is closed. */
    void resolve(String host, Executor replyTo, Consumer<List<InetAddress>> onAnswer) {
        try {
            thread.execute(() -> {
                List<InetAddress> found = lookUp(host);
                replyTo.execute(() -> onAnswer.accept(found));
            });
        } catch (RejectedExecutionException e) {
            onAnswer.accept(List.of());
        }
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return List.of(lookup.all(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** Does not wait for a look-up that hangs. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
