package io.github.pgconmgr.jdbc;

import java.util.Properties;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * Compares a certificate with the instance's name where the URL names the conmgr ({@link ConmgrSocketFactory}); the rules are
 * pgjdbc's. The factory puts it into the properties; a {@code jdbc:conmgr:} URL needs none, as pgjdbc knows the instance's name
 * there.
 *
 * <p>Shared: the factory's last route is volatile; pgjdbc asks on the thread that has just connected.
 */
public final class ConmgrHostnameVerifier implements HostnameVerifier {

    /** The property under which a connection's factory is found. */
    static final String FACTORY_KEY = ConmgrSocketFactory.class.getName();

    private final @Nullable ConmgrSocketFactory factory;

    /** Called by pgjdbc with the properties of one connection. */
    public ConmgrHostnameVerifier(Properties properties) {
        this.factory = properties.get(FACTORY_KEY) instanceof ConmgrSocketFactory found ? found : null;
    }

    @Override
    public boolean verify(String urlHost, SSLSession session) {
        String instanceHost = factory == null ? null : factory.latestInstanceHost();
        return PGjdbcHostnameVerifier.INSTANCE.verify(instanceHost == null ? urlHost : instanceHost, session);
    }
}
