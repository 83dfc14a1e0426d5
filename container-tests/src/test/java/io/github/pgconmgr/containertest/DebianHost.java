package io.github.pgconmgr.containertest;

import io.github.pgconmgr.testkit.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A freshly installed Debian without systemd, and our packages in /packages. Everything is done as a user would, by a shell.
 *
 * <p>Confined to the test's thread, but for {@link #install}.
 */
final class DebianHost implements AutoCloseable {

    private static final String SHELL = "set -eu; export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8\n";

    private final String name;
    private final String address;
    private final GenericContainer<?> container;

    /** Starts it. */
    DebianHost(Lan lan, String name, int number) {
        this.name = name;
        this.address = Lan.address(number);
        this.container = new GenericContainer<>(DockerImageName.parse(System.getenv("CONMGR_TEST_IMAGE")))
                .withImagePullPolicy(image -> false)
                .withNetwork(lan.network())
                .withNetworkAliases(name)
                .withCreateContainerCmdModifier(command -> {
                    command.withIpv4Address(address).withHostName(name);
                    command.getHostConfig().withInit(true);
                })
                .withCommand("sleep", "infinity");
        container.start();
    }

    String name() {
        return name;
    }

    String address() {
        return address;
    }

    String containerId() {
        return container.getContainerId();
    }

    /** Runs lines of shell as root. */
    Finished sh(String script) {
        List<String> argv = List.of("bash", "-c", SHELL + script);
        try {
            ExecResult result = container.execInContainer(argv.toArray(String[]::new));
            return new Finished(
                    List.of(name + ":", script), result.getExitCode(), result.getStdout(), result.getStderr());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run on " + name + ": " + script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** What a successful script wrote to its standard output, without the last line end. */
    String say(String script) {
        return sh(script).expectSuccess().out().strip();
    }

    /** apt-get install of our packages, by their names, and of Debian's. Any thread. */
    void install(List<String> ours, String... debians) {
        List<String> words = new ArrayList<>(List.of(debians));
        ours.forEach(each -> words.add("/packages/" + each + "_*.deb"));
        sh("apt-get install -y " + String.join(" ", words)).expectSuccess();
    }

    /** Copies a small file of this machine, for everybody to read. */
    void copy(Path file, String to) {
        try {
            String content = Base64.getMimeEncoder().encodeToString(Files.readAllBytes(file));
            say("mkdir -p $(dirname " + to + ")\nbase64 -di >" + to + " <<'END'\n" + content + "\nEND");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** SQL as the user postgres in the database postgres. */
    String sql(String statement) {
        return say("runuser -u postgres -- psql -XAtq -d postgres <<'END'\n" + statement + "\nEND");
    }

    @Override
    public void close() {
        container.close();
    }
}
