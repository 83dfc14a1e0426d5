package io.github.pgconmgr.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The requirements (ids of docs/requirements.md) that a test proves. On a class it holds for each of its tests. Only a test
 * that ran and passed counts in docs/coverage.md.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Proves {

    /** Requirement ids such as {@code "L4"}. */
    String[] value();
}
