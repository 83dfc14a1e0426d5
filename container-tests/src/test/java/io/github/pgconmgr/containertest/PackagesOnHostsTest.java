package io.github.pgconmgr.containertest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * A day with the packages, in the order of the methods: a primary, a standby and an application host, each a Debian of its own;
 * installed, failed over, cut off, removed.
 */
@Tag("slow")
@TestMethodOrder(OrderAnnotation.class)
@Timeout(300)
class PackagesOnHostsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DIRECTORY = "/var/lib/conmgr/main";
    private static final String WATCHDOG = "postgresql-15-watchdog";
    private static final List<String> ON_APPLICATION_HOSTS = List.of("conmgr", "libconmgr-jdbc-java", "libpq5-conmgr");

    private static Lan lan;
    private static DebianHost one;
    private static DebianHost two;
    private static DebianHost app;

    @BeforeAll
    static void start() {
        lan = new Lan();
        one = new DebianHost(lan, "db1", 11);
        two = new DebianHost(lan, "db2", 12);
        app = new DebianHost(lan, "app", 21);
        // What the lab must be able to do, or nothing below means anything.
        assertTrue(app.say("getent hosts db1").startsWith(one.address()), "names resolve");
        assertNotEquals("", app.say("ls /packages/conmgr_*.deb"), "files are there");
    }

    @AfterAll
    static void close() {
        Stream.of(app, two, one, lan).filter(each -> each != null).forEach(PackagesOnHostsTest::close);
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new AssertionError("cannot close " + each, e);
        }
    }

    private static Finished ctl(String words) {
        return app.sh("runuser -u conmgr -- cm_ctl " + words + " -D " + DIRECTORY);
    }

    private static void awaitShop(String what, String line) {
        // Only what it says from now on.
        int before = Integer.parseInt(app.say("wc -l </tmp/shop.log"));
        Await.until(
                what,
                LIMIT,
                () -> app.say("tail -n +" + (before + 1) + " /tmp/shop.log")
                        .lines()
                        .anyMatch(said -> said.startsWith(line)));
    }

    private static void awaitStatus(String what, String pattern) {
        Await.until(what, LIMIT, () -> ctl("status -i instance").out().lines().anyMatch(line -> line.matches(pattern)));
    }

    @Test
    @Order(1)
    void thePackagesAreInstalledAsAUserDoes() {
        CompletableFuture.allOf(
                        CompletableFuture.runAsync(() -> one.install(List.of(WATCHDOG))),
                        CompletableFuture.runAsync(() -> two.install(List.of(WATCHDOG))),
                        CompletableFuture.runAsync(() ->
                                app.install(ON_APPLICATION_HOSTS, "libpostgresql-jdbc-java", "postgresql-client-15")))
                .join();
        assertTrue(app.say("man_page=/usr/share/man/man1/cm_ctl.1.gz; cm_ctl version; ls $man_page")
                .contains("cm_ctl"));
    }

    @Test
    @Order(2)
    void aPrimaryAndItsStandbyRunTheWatchdog() {
        one.say("""
                cd /etc/postgresql/15/main
                printf "%s\\n" "listen_addresses = '*'" "shared_preload_libraries = 'watchdog'" >conf.d/lab.conf
                printf "host all shop SUBNET scram-sha-256\\nhost replication standby SUBNET scram-sha-256\\n" >>pg_hba.conf
                pg_ctlcluster 15 main start""".replace("SUBNET", Lan.subnet()));
        one.sql("""
                CREATE EXTENSION watchdog;
                CREATE ROLE shop LOGIN PASSWORD 'x';
                CREATE ROLE standby REPLICATION LOGIN PASSWORD 'x';
                CREATE TABLE orders (number integer);
                GRANT ALL ON orders TO shop;""");
        makeStandby(two, one);
        assertEquals("t", two.sql("SELECT pg_is_in_recovery()"));
    }

    private static void makeStandby(DebianHost standby, DebianHost primary) {
        standby.say("""
                cd /etc/postgresql/15/main
                pg_ctlcluster 15 main stop -m fast || true
                printf "%s\\n" "listen_addresses = '*'" "shared_preload_libraries = 'watchdog'" >conf.d/lab.conf
                printf "host all shop SUBNET scram-sha-256\\nhost replication standby SUBNET scram-sha-256\\n" >>pg_hba.conf
                rm -rf /var/lib/postgresql/15/main
                runuser -u postgres -- pg_basebackup -R -D /var/lib/postgresql/15/main \\
                    -d "host=PRIMARY user=standby password=x"
                pg_ctlcluster 15 main start""".replace("SUBNET", Lan.subnet()).replace("PRIMARY", primary.name()));
    }

    @Test
    @Order(3)
    void anApplicationFindsThePrimaryThroughConmgr() {
        app.say("""
                cat >>/etc/conmgr/main/conmgr.conf <<END
                backend_host0 = 'db1'
                backend_port0 = 5432
                backend_host1 = 'db2'
                backend_port1 = 5432
                heartbeat_interval = 1
                heartbeat_timeout = 3
                log_min_messages = INFO
                END""");
        ctl("start --complete").expectSuccess();
        String classes = ShopMain.class.getName().replace('.', '/') + ".class";
        app.copy(BuildFolder.root().resolve("container-tests/target/test-classes/" + classes), "/shop/" + classes);
        app.say("""
                cd /shop
                nohup java -cp /shop:/usr/share/java/conmgr-jdbc.jar:/usr/share/java/postgresql.jar MAIN \\
                    "jdbc:conmgr://localhost/postgres?targetServerType=primary" shop x >/tmp/shop.log 2>&1 </dev/null &
                echo $! >/tmp/shop.pid""".replace("MAIN", ShopMain.class.getName()));
        Await.until("orders", LIMIT, () -> app.say("cat /tmp/shop.log").contains("ok " + one.address()));
        assertEquals(
                two.address(),
                app.say("PGPASSWORD=x conmgr-exec psql -XAtq -c 'SELECT host(inet_server_addr())'"
                        + " 'host=localhost port=27546 dbname=postgres user=shop target_session_attrs=standby'"));
    }

    @Test
    @Order(4)
    void whenThePrimarysHostIsCutOffTheApplicationGoesOnWithThePromotedStandby() {
        lan.cut(one);
        awaitShop("the application is told", "error ");
        awaitStatus("conmgr takes db1 for dead", " *0 .*DOWN.*");
        two.say("pg_ctlcluster 15 main promote");
        awaitShop("orders on db2", "ok " + two.address());
    }

    @Test
    @Order(5)
    void theOldPrimaryThatComesBackGetsNobodyUntilItIsAStandby() {
        lan.mend(one);
        awaitStatus("db1 is seen as stale", " *0 .*stale.*ALIVE.*");
        awaitShop("orders on db2 still", "ok " + two.address());
        makeStandby(one, two);
        awaitStatus("db1 is a standby", " *0 .*standby.*ALIVE.*");
    }

    @Test
    @Order(6)
    void whenTheApplicationHostIsCutOffItsSessionsEnd() {
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = '" + app.address() + "'";
        assertNotEquals("0", two.sql(sessions));
        lan.cut(app);
        Await.until(
                "db2 ends the sessions of the dead host",
                LIMIT,
                () -> two.sql(sessions).equals("0"));
        assertNotEquals("0", two.sql("SELECT count(*) FROM pgx_stat_watchdog_terminations"));
        lan.mend(app);
        awaitShop("orders again", "ok " + two.address());
    }

    @Test
    @Order(7)
    void theWatchdogsPackageStaysWhileTheServerNeedsIt() {
        Finished removal = two.sh("apt-get remove -y " + WATCHDOG);
        assertNotEquals(0, removal.exit());
        String said = removal.out() + removal.err();
        assertTrue(said.contains("shared_preload_libraries still names watchdog"), said);
        two.say("pg_ctlcluster 15 main restart -m fast");
        awaitShop("orders behind the restart", "ok " + two.address());
    }

    @Test
    @Order(8)
    void nothingIsLeftBehindThePurge() {
        app.say("kill $(cat /tmp/shop.pid)");
        app.say("apt-get purge -y " + String.join(" ", ON_APPLICATION_HOSTS));
        for (DebianHost host : List.of(one, two)) {
            host.say("rm /etc/postgresql/15/main/conf.d/lab.conf; apt-get purge -y " + WATCHDOG
                    + "; pg_ctlcluster 15 main restart -m fast");
            assertEquals("orders", host.sql("SELECT relname FROM pg_class WHERE relname = 'orders'"));
        }
        for (DebianHost host : List.of(one, two, app)) {
            assertEquals(
                    "",
                    host.say(
                            "find / -xdev \\( -path /proc -o -path /packages -o -path /shop -o -path /var/log -o -path /tmp \\) -prune -o"
                                    + " \\( -name '*conmgr*' -o -name '*watchdog*' -o -name '*libpqcm*' \\) -print"));
            assertEquals("", host.say("getent passwd conmgr || true; pgrep -l -f '[C]onmgrMain' || true"));
        }
    }
}
