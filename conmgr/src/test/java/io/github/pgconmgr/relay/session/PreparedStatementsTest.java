package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Prepared statements of the protocol in transaction mode, through the whole core. */
class PreparedStatementsTest {

    private static final byte[] PARSE = Wire.message('P', "s\0SELECT 1\0\0\0");
    private static final byte[] BIND = Wire.message('B', "\0s\0\0\0\0\0\0\0");
    private static final byte[] SYNC = Wire.message('S', "");

    private final RelayLab lab =
            new RelayLab(new PoolSample().transaction().workers(2).maxPool(1).maxPreparedStatements(200));
    private final ScriptedConnection one = lab.client();
    private final ScriptedConnection server = lab.server();
    private final ScriptedConnection two = lab.client();

    PreparedStatementsTest() {
        one.take();
        two.take();
    }

    private void prepare() {
        one.receive(Wire.join(PARSE, SYNC));
        assertEquals("P(_conmgr_1 SELECT 1) S", Wire.text(server.take()));
        server.receive(Wire.join(Wire.message('1', ""), Wire.ready('I')));
        assertEquals("1 Z(I)", Wire.text(one.take()));
    }

    @Test
    void aStatementFollowsItsClientToAnotherServerConnection() {
        prepare();
        two.receive(Wire.query("BEGIN"));
        assertEquals("Q(BEGIN)", Wire.text(server.take()));
        one.receive(Wire.join(BIND, SYNC));
        ScriptedConnection other = lab.server();
        assertEquals("P(_conmgr_1 SELECT 1) B(_conmgr_1) S", Wire.text(other.take()));
        other.receive(Wire.join(Wire.message('1', ""), Wire.message('2', ""), Wire.ready('I')));
        assertEquals("2 Z(I)", Wire.text(one.take()));
    }

    @Test
    void aStatementOfAnotherClientIsNotParsedAgain() {
        prepare();
        two.receive(Wire.join(Wire.message('P', "t\0SELECT 1\0\0\0"), SYNC));
        assertEquals("C(S_conmgr_0) S", Wire.text(server.take()));
        server.receive(Wire.join(Wire.message('3', ""), Wire.ready('I')));
        assertEquals("1 Z(I)", Wire.text(two.take()));
    }

    @Test
    void whatAResetWillClearAwayIsParsedAgain() {
        prepare();
        one.receive(Wire.query("SET x = 1"));
        server.take();
        server.receive(Wire.done("SET", 'I'));
        one.receive(Wire.join(BIND, SYNC));
        assertEquals("Q(DISCARD ALL) P(_conmgr_1 SELECT 1) B(_conmgr_1) S", Wire.text(server.take()));
    }

    /** The second part of a pipeline names what the first one may have failed to prepare. */
    @Test
    void aPipelineWaitsUntilItIsKnownWhatItsNamesMean() {
        one.receive(Wire.join(PARSE, SYNC, BIND, SYNC));
        assertEquals("P(_conmgr_1 SELECT 1) S", Wire.text(server.take()));
        server.receive(Wire.join(Wire.message('1', ""), Wire.ready('I')));
        assertEquals("B(_conmgr_1) S", Wire.text(server.take()));
        server.receive(Wire.join(Wire.message('2', ""), Wire.ready('I')));
        assertEquals("1 Z(I) 2 Z(I)", Wire.text(one.take()));
        two.receive(Wire.query("SELECT 2"));
        assertEquals("Q(SELECT 2)", Wire.text(server.take()), "it is free for the next client");
    }

    @Test
    void anErrorInTheFirstPartOfAPipelineUndoesWhatItWasToPrepare() {
        one.receive(Wire.join(PARSE, SYNC, BIND, SYNC));
        server.take();
        server.receive(Wire.join(Wire.message('E', "SERROR\0C42601\0\0"), Wire.ready('I')));
        assertEquals("B(s) S", Wire.text(server.take()), "unknown to us, so the server says so");
    }
}
