package io.github.pgconmgr.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PeerFilesTest {

    private static final PeerFiles FILES = new PeerFiles(
            new PoolSetup("scram-sha-256", "transaction", 20), "10.0.0.1", 27500, "SCRAM-SHA-256$x", Path.of("/files"));

    @Test
    void allPoolsAskForTheSamePasswordAndMayOpenAsMany() {
        Map<String, String> files = FILES.all();
        assertEquals("\"bench\" \"SCRAM-SHA-256$x\"\n", files.get("userlist.txt"));
        for (String text : new String[] {files.get("pgbouncer.ini"), FILES.conmgr()}) {
            assertTrue(text.contains("auth_type = scram-sha-256\n"), text);
            assertTrue(text.contains("pool_mode = transaction\n"), text);
            assertTrue(text.contains("/files/userlist.txt"), text);
        }
        assertTrue(files.get("pool_hba.conf").contains("scram-sha-256"));
        assertTrue(files.get("pgpool.conf").contains("num_init_children = 20\n"));
        assertTrue(files.get("pgbouncer.ini").contains("default_pool_size = 20\n"));
        assertTrue(FILES.conmgr().contains("num_init_children = 20\n"));
    }

    @Test
    void allLeadToTheServer() {
        Map<String, String> files = FILES.all();
        assertTrue(files.get("pgbouncer.ini").contains("* = host=10.0.0.1 port=27500\n"));
        assertTrue(files.get("pgpool.conf").contains("backend_hostname0 = '10.0.0.1'\nbackend_port0 = 27500\n"));
        assertTrue(files.get("haproxy.cfg").contains("server one 10.0.0.1:27500\n"));
    }
}
