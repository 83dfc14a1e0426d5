package io.github.pgconmgr.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dependencies run one way, and the cores know no I/O (style rules 1 to 3, ADR 4). */
class ArchitectureTest {

    private static final String OURS = "io.github.pgconmgr";
    private static final String RELAY = OURS + ".relay";
    private static final String[] WIRE = {OURS + ".wire..", OURS + ".time..", OURS + ".state.."};

    private static JavaClasses product;

    @BeforeAll
    static void importClasses() {
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(OURS);
    }

    @Test
    void wireUsesTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage(WIRE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(jdkWireAnd())
                .check(product);
    }

    @Test
    void theJavaInsidePostgresqlUsesWireAndTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage(OURS + ".watchdog..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(jdkWireAnd(OURS + ".watchdog.."))
                .check(product);
    }

    @Test
    void theJdbcAddOnBringsNoLibraryOfItsOwn() {
        classes()
                .that()
                .resideInAPackage(OURS + ".jdbc..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(jdkWireAnd(OURS + ".jdbc..", "javax..", "org.postgresql.."))
                .check(product);
    }

    @Test
    void topologyAndRoutingKnowNoSocket() {
        noClasses()
                .that()
                .resideInAnyPackage(OURS + ".topology..", OURS + ".routing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.nio.channels..")
                .check(product);
    }

    @Test
    void heartbeatsAndFrontEndMeetInTheTopologyOnly() {
        noClasses()
                .that()
                .resideInAPackage(OURS + ".heartbeat..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(OURS + ".frontend..")
                .check(product);
        noClasses()
                .that()
                .resideInAPackage(OURS + ".frontend..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(OURS + ".heartbeat..")
                .check(product);
    }

    @Test
    void theRelaysCoreKnowsNoSocketAndItsPoolKnowsNoProtocol() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        RELAY + ".io..",
                        RELAY + ".protocol..",
                        RELAY + ".pool..",
                        RELAY + ".auth..",
                        RELAY + ".prepared..",
                        RELAY + ".console..",
                        RELAY + ".statistics..",
                        RELAY + ".session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "java.nio.channels..", OURS + ".frontend..", RELAY + ".netty..")
                .check(product);
        noClasses()
                .that()
                .resideInAnyPackage(RELAY + ".pool..", RELAY + ".protocol..", RELAY + ".io..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(RELAY + ".session..", RELAY + ".auth..", RELAY + ".console..", OURS + ".topology..")
                .check(product);
    }

    @Test
    void theFrontEndDoesNotKnowTheRelay() {
        noClasses()
                .that()
                .resideInAPackage(OURS + ".frontend..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(RELAY + "..")
                .check(product);
    }

    private static String[] jdkWireAnd(String... more) {
        return Stream.of(WIRE, new String[] {"java..", "javax.crypto..", "org.jspecify.."}, more)
                .flatMap(Stream::of)
                .toArray(String[]::new);
    }
}
