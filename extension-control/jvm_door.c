/*-------------------------------------------------------------------------
 *
 * jvm_door.c
 *	  watchdog_jvm.so: what the watchdog's PL/Java takes for libjvm.
 *
 * A library of its own, so that no other process ever has our
 * JNI_CreateJavaVM among its symbols.
 *
 *-------------------------------------------------------------------------
 */
#include <jni.h>

/* In watchdog.so, which is loaded in the one process that loads this. */
extern jint wd_pljava_create_vm(JavaVM **vm, void **env, void *args);

JNIEXPORT jint JNICALL
JNI_CreateJavaVM(JavaVM **vm, void **env, void *args)
{
	return wd_pljava_create_vm(vm, env, args);
}
