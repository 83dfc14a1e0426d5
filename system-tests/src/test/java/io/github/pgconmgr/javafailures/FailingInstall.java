package io.github.pgconmgr.javafailures;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.PgInstall;
import io.github.pgconmgr.watchdog.FailureKind;
import io.github.pgconmgr.watchdog.WatchdogHost;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A private copy of the build's PostgreSQL in which the watchdog's jar has an entry class that fails when told. Our policy file
 * there lets Java do all that a failure needs; the product's would stop some failures earlier.
 *
 * <p>Confined to the test's thread. {@link #close} removes it.
 */
final class FailingInstall implements AutoCloseable {

    private static final String JAR = "extension/watchdog-0.1.0.jar";
    private static final String POLICY = "extension/watchdog-0.1.0.policy";
    private static final String PACKAGE = "io/github/pgconmgr/watchdog/";
    private static final String ALLOW_ALL = """
            grant {
                permission java.security.AllPermission;
            };
            """;

    private final Path folder = BuildFolder.scratch("failing");
    private final Path orders = folder.resolve("orders");
    private final PgInstall install = PgInstall.current().copyTo(folder);

    FailingInstall() throws IOException {
        Files.createDirectory(orders);
        Account.POSTGRES.own(orders);
        Path share = install.folder("--sharedir");
        Path jar = share.resolve(JAR);
        Path product = Files.move(jar, folder.resolve("product.jar"));
        writeJar(product, jar);
        Files.delete(share.resolve(POLICY));
        Files.writeString(share.resolve(POLICY), ALLOW_ALL);
    }

    PgInstall install() {
        return install;
    }

    /** Tells the watchdog to fail on its next tick, there or in the I/O thread. */
    void order(Place place, FailureKind kind) throws IOException {
        Path part = folder.resolve("order.part");
        Files.writeString(part, place.word() + " " + kind.name());
        Files.move(part, orderFile());
    }

    /** Blocks until the order has been taken: the failure follows at once. */
    void awaitObeyed() {
        Await.until("an order that is obeyed", FailingInstance.LIMIT, () -> !Files.exists(orderFile()));
    }

    private Path orderFile() {
        return orders.resolve("order");
    }

    private void writeJar(Path product, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream out = new ZipOutputStream(file)) {
            copyAllButTheEntry(product, out);
            Path classes = BuildFolder.root()
                    .resolve("system-tests/target/test-classes")
                    .resolve(PACKAGE);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(classes, "*.class")) {
                for (Path classFile : files) {
                    put(out, PACKAGE + classFile.getFileName(), Files.readAllBytes(classFile));
                }
            }
            put(out, WatchdogHost.ORDER_RESOURCE, orderFile().toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void copyAllButTheEntry(Path product, ZipOutputStream out) throws IOException {
        try (ZipFile in = new ZipFile(product.toFile())) {
            Enumeration<? extends ZipEntry> entries = in.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && !entry.getName().equals(PACKAGE + "WatchdogHost.class")) {
                    try (InputStream bytes = in.getInputStream(entry)) {
                        put(out, entry.getName(), bytes.readAllBytes());
                    }
                }
            }
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    @Override
    public void close() {
        BuildFolder.delete(folder);
    }
}
