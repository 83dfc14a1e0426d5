package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.config.PoolConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Proves;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a listen backlog that the kernel cuts. */
class ListenBacklogTest {

    private final RecordingLog log = new RecordingLog();

    @Test
    @Proves("P4")
    void aBacklogThatTheKernelCutsIsAWarning() {
        ListenBacklog.check(PoolConfig.DEFAULT, 63, log);
        assertEquals(
                List.of("conmgr: a listen backlog of 64 is cut by the kernel to 63"),
                log.texts(Message.LISTEN_BACKLOG_CUT));
    }

    @Test
    void oneThatFitsIsNone() {
        ListenBacklog.check(PoolConfig.DEFAULT, 64, log);
        assertEquals(List.of(), log.texts(Message.LISTEN_BACKLOG_CUT));
    }

    @Test
    void theKernelsLimitIsReadAsItIs() {
        List<String> cat = List.of("cat", "/proc/sys/net/core/somaxconn");
        String said = Machine.LOCAL.run(Account.OURSELVES, cat).expectSuccess().out();
        assertEquals(Integer.parseInt(said.strip()), ListenBacklog.limit());
    }
}
