/**
 * The demo: one application host, two instances, a cut cable; and the applications that live through it, which the tests on
 * real hosts use as well.
 */
@NullMarked
package io.github.pgconmgr.story;

import org.jspecify.annotations.NullMarked;
