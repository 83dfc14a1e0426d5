package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link ConmgrDataSource}, as containers and pools use it. */
class DataSourceTest {

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

    private ConmgrDataSource byProperties() {
        ConmgrDataSource source = new ConmgrDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {conmgr.port()});
        source.setDatabaseName("shop");
        source.setUser("amy");
        source.setTargetServerType("primary");
        return source;
    }

    private void assertWorks(ConmgrDataSource source) throws SQLException {
        int before = conmgr.requests.size();
        try (Connection connection = source.getConnection()) {
            assertFalse(connection.isClosed());
        }
        assertEquals(before + 1, conmgr.requests.size());
        assertEquals(TargetAttribute.READ_WRITE, conmgr.requests.get(before).target());
        assertEquals("amy", instance.startups.get(before).get("user"));
        assertEquals("shop", instance.startups.get(before).get("database"));
    }

    @Test
    @Proves("T1")
    void itsPropertiesLeadThroughConmgr() throws Exception {
        assertWorks(byProperties());
    }

    @Test
    @Proves("T1")
    void itTakesAWholeUrl() throws Exception {
        ConmgrDataSource source = new ConmgrDataSource();
        source.setUrl("jdbc:conmgr://" + conmgr.hostPort() + "/shop?user=amy&targetServerType=primary");
        assertWorks(source);
    }

    @Test
    void anAccountGivenWithTheCallGoesBeforeItsOwn() throws Exception {
        byProperties().getConnection("zoe", "secret").close();
        assertEquals("zoe", instance.startups.get(0).get("user"));
    }

    @Test
    void conmgrsPortIsTheDefault() {
        ConmgrDataSource source = new ConmgrDataSource();
        source.setUrl("jdbc:conmgr://cm1,cm2/shop");
        assertEquals(27546, source.getPortNumbers()[0]);
        assertEquals(27546, source.getPortNumbers()[1]);
        assertNull(source.getPassword(), "none is looked up for a conmgr");
    }

    @Test
    void itSurvivesSerialization() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(byProperties());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertWorks(assertInstanceOf(ConmgrDataSource.class, in.readObject()));
        }
    }

    @Test
    void itComesBackFromJndi() throws Exception {
        Reference reference = byProperties().getReference();
        Object factory =
                Class.forName(reference.getFactoryClassName()).getConstructor().newInstance();
        ConmgrDataSourceFactory ours = assertInstanceOf(ConmgrDataSourceFactory.class, factory);
        assertWorks(assertInstanceOf(ConmgrDataSource.class, ours.getObjectInstance(reference, null, null, null)));
        assertNull(ours.getObjectInstance(new Reference("other.Source"), null, null, null));
    }

    @Test
    void aUrlThatIsNotOursIsRefusedWithoutShowingIt() {
        ConmgrDataSource source = new ConmgrDataSource();
        for (String url : new String[] {"jdbc:postgresql://h/d?password=hush", "jdbc:conmgr:///x/y?password=hush"}) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> source.setUrl(url));
            assertFalse(String.valueOf(refused.getMessage()).contains("hush"));
        }
    }

    @Test
    @Proves("T3")
    void loginTimeoutCountsStageOne() throws Exception {
        try (ScriptedConmgr silent = ScriptedConmgr.playing(ScriptedConmgr::untilClosed)) {
            ConmgrDataSource source = byProperties();
            source.setPortNumbers(new int[] {silent.port()});
            source.setLoginTimeout(1);
            assertEquals(
                    "08001",
                    assertThrows(SQLException.class, source::getConnection).getSQLState());
        }
    }
}
