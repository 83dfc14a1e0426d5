package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Who we are is the effective user id, and nothing else. */
@Proves("L9")
class ProcessUserTest {

    @Test
    void theEffectiveIdCounts() throws IOException {
        assertEquals(new ProcessUser(0), ProcessUser.parse("Name:\tjava\nUid:\t1000\t0\t1000\t1000\nGid:\t5\n"));
        assertEquals(new ProcessUser(1000), ProcessUser.parse("Uid:\t0\t1000\t0\t0\n"));
    }

    @Test
    void rootIsRefusedAndNobodyElse() throws StartException {
        new ProcessUser(1).refuseRoot();
        StartException e = assertThrows(StartException.class, new ProcessUser(0)::refuseRoot);
        assertEquals(Message.ROOT_REFUSED, e.reason());
    }

    @Test
    void whatCannotBeReadIsAnErrorAndNotAnOrdinaryUser() {
        assertThrows(IOException.class, () -> ProcessUser.parse("Name:\tjava\n"));
    }
}
