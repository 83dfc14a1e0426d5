package io.github.pgconmgr.daemon;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals, as PostgreSQL uses them where a JVM allows it: TERM is a smart stop, INT a fast one, HUP a reload. QUIT
 * belongs to the JVM, which prints its threads: the immediate stop is {@code cm_ctl stop -m immediate}. Stateless.
 *
 * <p>Only {@code sun.misc.Signal} tells TERM from INT. The module jdk.unsupported exports it for such use, but javac warns of
 * it in a way that cannot be suppressed, hence the reflection.
 */
final class Signals {

    private Signals() {}

    /**
     * Takes over TERM, INT and HUP.
     *
     * @param onStop called on a thread of the JVM with STOP_SMART or STOP_FAST
     * @param onHangup called on a thread of the JVM
     * @throws IllegalStateException if the JVM does not let us, as under {@code -Xrs}
     */
    static void install(Consumer<DaemonEvent> onStop, Runnable onHangup) {
        handle("TERM", () -> onStop.accept(DaemonEvent.STOP_SMART));
        handle("INT", () -> onStop.accept(DaemonEvent.STOP_FAST));
        handle("HUP", onHangup);
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    handlerClass.getClassLoader(),
                    new Class<?>[] {handlerClass},
                    (proxy, method, arguments) -> onCall(proxy, method, arguments, action));
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("could not take over SIG" + name, e);
        }
    }

    /** The JVM calls {@code handle}; a proxy gets Object's methods too. */
    private static Object onCall(Object proxy, Method method, Object[] arguments, Runnable action) {
        return switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield "";
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "conmgr's signal handler";
        };
    }
}
