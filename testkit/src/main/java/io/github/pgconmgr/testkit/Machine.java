package io.github.pgconmgr.testkit;

import java.time.Duration;
import java.util.List;

/** Where programs run: this machine, or a host of a {@link NetnsLab}. Shared: implementations may be used by any thread. */
public interface Machine {

    /** This machine, seen through its loopback address. */
    Machine LOCAL = new Machine() {
        @Override
        public List<String> commandLine(Account account, List<String> argv) {
            return account.command(argv);
        }

        @Override
        public String address() {
            return "127.0.0.1";
        }

        @Override
        public String listenAddresses() {
            return "127.0.0.1";
        }

        @Override
        public int portOr(int preferred) {
            return FreePort.next();
        }
    };

    /** What this JVM has to execute so that the command runs there, as that user. */
    List<String> commandLine(Account account, List<String> argv);

    /** The address by which other machines of the test reach it. */
    String address();

    /** What a PostgreSQL server there puts into listen_addresses. */
    String listenAddresses();

    /** The preferred port where the machine has all ports to itself, else a free one. */
    int portOr(int preferred);

    /** Runs a command there to its end, at most a minute; blocks. */
    default Finished run(Account account, List<String> argv) {
        return run(account, Duration.ofSeconds(60), argv);
    }

    /** Runs a command there to its end; blocks up to the limit, which is an error. */
    default Finished run(Account account, Duration limit, List<String> argv) {
        return Command.run(limit, commandLine(account, argv));
    }
}
