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
     * @param onIgnored called now with the name of each signal that was ignored when the process began: it stays so, as a
     *     shell's background job and nohup want it
     * @throws IllegalStateException if the JVM does not let us, as under {@code -Xrs}
     */
    static void install(Consumer<DaemonEvent> onStop, Runnable onHangup, Consumer<String> onIgnored) {
        handle("TERM", () -> onStop.accept(DaemonEvent.STOP_SMART), onIgnored);
        handle("INT", () -> onStop.accept(DaemonEvent.STOP_FAST), onIgnored);
        handle("HUP", onHangup, onIgnored);
    }

    private static void handle(String name, Runnable action, Consumer<String> onIgnored) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    handlerClass.getClassLoader(),
                    new Class<?>[] {handlerClass},
                    (proxy, method, arguments) -> onCall(proxy, method, arguments, action));
            Object signal = signalClass.getConstructor(String.class).newInstance(name);
            Object before =
                    signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
            if (before == handlerClass.getField("SIG_IGN").get(null)) {
                onIgnored.accept(name);
            }
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
