package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.relay.auth.LookedUp;
import io.github.pgconmgr.relay.auth.UserList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who waits for {@code auth_query}, and how they are answered. */
class UserLookUpsTest {

    /** The instance is lost while the first question is on its way: all who wait behind it are answered in that moment. */
    @Test
    void howeverManyWaitWhenTheInstanceIsLostAllAreAnswered() throws UserList.InvalidUserListException {
        RelayLab lab = new RelayLab(
                new PoolSample(), Authentications.query("\"pool\" \"secret\"\n", "pool"), RoutingConfig.DEFAULT);
        List<LookedUp> answers = new ArrayList<>();
        for (int number = 0; number < 10_000; number++) {
            lab.core.lookUps().ask("user" + number, (answer, nowNanos) -> answers.add(answer), lab.network.now());
        }
        assertEquals(1, lab.network.diallingNow(), "one question at a time");
        lab.topology.eventsOf(0).down(lab.network.now(), "gone");
        lab.network.refuse();
        assertEquals(10_000, answers.size());
        answers.forEach(answer -> assertInstanceOf(LookedUp.Failed.class, answer));
    }
}
