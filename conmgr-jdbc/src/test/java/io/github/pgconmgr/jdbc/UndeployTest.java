package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/** An application server takes an application away: no thread of ours stays, and its classes can be collected. */
class UndeployTest {

    private ScriptedPostgres instance;
    private ScriptedConmgr conmgr;

    @BeforeEach
    void start() throws IOException {
        instance = ScriptedPostgres.primary();
        conmgr = ScriptedConmgr.naming(instance);
    }

    @AfterEach
    void stop() throws IOException {
        conmgr.close();
        instance.close();
    }

    private String ourUrl() {
        return "jdbc:conmgr://" + conmgr.hostPort() + "/shop?targetServerType=primary&loginTimeout=5";
    }

    private String factoryUrl() {
        return "jdbc:postgresql://" + conmgr.hostPort() + "/shop?socketFactory=" + ConmgrSocketFactory.class.getName();
    }

    private static URL home(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static URL[] ours() {
        return new URL[] {home(ConmgrDriver.class), home(RedirectAnswer.class), home(WebApplication.class)};
    }

    private static URL[] everything() {
        List<URL> urls = new ArrayList<>(List.of(ours()));
        urls.add(home(Driver.class));
        return urls.toArray(URL[]::new);
    }

    @SuppressWarnings("unchecked")
    private static BiFunction<String, String, String> deploy(ClassLoader loader) throws Exception {
        return (BiFunction<String, String, String>) loader.loadClass(WebApplication.class.getName())
                .getConstructor()
                .newInstance();
    }

    /** An application's whole life; nothing of it is reachable from here afterwards. */
    private WeakReference<ClassLoader> live(ClassLoader parent, URL[] urls, int drivers, String url, String... script)
            throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(urls, parent)) {
            thread.setContextClassLoader(loader);
            BiFunction<String, String, String> application = deploy(loader);
            for (String command : script) {
                String expected = switch (command) {
                    case "open" -> "open";
                    case "close" -> "closed";
                    default -> drivers + " deregistered";
                };
                assertEquals(expected, application.apply(command, url));
            }
            return new WeakReference<>(loader);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Then no thread of ours runs either, as it would keep the loader. */
    private static void assertCollected(WeakReference<ClassLoader> loader) {
        Await.until("the application's class loader is collected", DriverUnderTest.LIMIT, () -> {
            System.gc();
            return loader.get() == null;
        });
    }

    @Test
    void anApplicationThatClosedItsConnectionsIsCollected() throws Exception {
        assertCollected(
                live(ClassLoader.getPlatformClassLoader(), everything(), 2, ourUrl(), "open", "close", "undeploy"));
    }

    @Test
    void aConnectionThatIsClosedAfterwardsIsNoReasonToStay() throws Exception {
        assertCollected(
                live(ClassLoader.getPlatformClassLoader(), everything(), 2, ourUrl(), "open", "undeploy", "close"));
    }

    @Test
    void neitherIsOneOfTheSocketFactory() throws Exception {
        assertCollected(
                live(ClassLoader.getPlatformClassLoader(), everything(), 2, factoryUrl(), "open", "undeploy", "close"));
    }

    @Test
    void norIsAPgjdbcThatStaysWithTheServer() throws Exception {
        try (URLClassLoader server =
                new URLClassLoader(new URL[] {home(Driver.class)}, ClassLoader.getPlatformClassLoader())) {
            assertCollected(live(server, ours(), 1, ourUrl(), "open", "close", "undeploy"));
        }
    }

    @Test
    void aNoticeThatComesAfterTheUndeploymentStillEndsItsConnection() throws Exception {
        List<String> errors = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger(Watcher.class.getName());
        Handler handler = new ErrorCollector(errors);
        logger.addHandler(handler);
        try {
            WeakReference<ClassLoader> loader =
                    live(ClassLoader.getPlatformClassLoader(), everything(), 2, ourUrl(), "open", "undeploy");
            conmgr.sendDown("no heartbeat for 3.0 s");
            Await.until("the session is cut", DriverUnderTest.LIMIT, () -> instance.openConnections() == 0);
            assertCollected(loader);
            assertEquals(List.of(), errors, "the watcher lacked nothing");
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Keeps what is logged as an error. Shared: the list is concurrent. */
    private static final class ErrorCollector extends Handler {
        private final List<String> errors;

        ErrorCollector(List<String> errors) {
            this.errors = errors;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                errors.add(line.getMessage() + ": " + line.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
