package io.github.pgconmgr.jdbc;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;
import org.jspecify.annotations.Nullable;

/** Makes a {@link ConmgrDataSource} of what JNDI keeps of one. Immutable, stateless. */
public final class ConmgrDataSourceFactory implements ObjectFactory {

    /** Called by JNDI. */
    public ConmgrDataSourceFactory() {}

    @Override
    public @Nullable Object getObjectInstance(
            Object reference, @Nullable Name name, @Nullable Context context, @Nullable Hashtable<?, ?> environment) {
        if (reference instanceof Reference ours && ours.getClassName().equals(ConmgrDataSource.class.getName())) {
            ConmgrDataSource source = new ConmgrDataSource();
            source.setFromReference(ours);
            return source;
        }
        return null;
    }
}
