package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Proves("A7")
class TargetServerTypeTest {

    @ParameterizedTest
    @CsvSource({
        "any, any, any",
        "primary, read-write, primary",
        "master, read-write, primary",
        "secondary, standby, secondary",
        "slave, standby, secondary",
        "preferSecondary, prefer-standby, any",
        "preferSlave, prefer-standby, any"
    })
    void eachWordAsksConmgrAndPgjdbcForTheSame(String word, String asked, String checked) throws SQLException {
        List<TargetServerType.Walk> walks = TargetServerType.of(word).walks(1);
        assertEquals(1, walks.size());
        assertEquals(asked, walks.get(0).ask().word());
        assertEquals(checked, walks.get(0).check());
    }

    @Test
    void aPreferenceOverSeveralHostsLooksForASecondaryBehindAllBeforeItTakesAPrimary() throws SQLException {
        List<TargetServerType.Walk> walks =
                TargetServerType.of("preferSecondary").walks(2);
        assertEquals(
                List.of("standby", "prefer-standby"),
                walks.stream().map(walk -> walk.ask().word()).toList());
        assertEquals("secondary", walks.get(0).check());
    }

    @Test
    void preferPrimaryIsRefusedWithAReason() {
        SQLException refused = assertThrows(SQLException.class, () -> TargetServerType.of("preferPrimary"));
        assertEquals("22023", refused.getSQLState());
        assertTrue(refused.getMessage().contains("preferPrimary"));
    }
}
