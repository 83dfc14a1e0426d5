/*-------------------------------------------------------------------------
 *
 * forward.h
 *	  The forwarders, in assembly: included by the generated forwarders.S.
 *
 * FORWARD(name, number) makes the function "name": if its first argument is
 * one of our handles, it becomes the real connection behind it (the first
 * word of the slot); then the real function gets the call, with all
 * registers and the stack as they were.  No prototype is needed.
 *
 * The number is the function's place in cm_forward_targets, which real.c
 * fills by the names in cm_forward_names.
 *
 *-------------------------------------------------------------------------
 */
#include "range.h"

	.hidden	cm_range_base
	.hidden	cm_forward_targets
	.hidden	cm_forward_names
	.hidden	cm_forward_count

#if defined(__x86_64__)

	.macro	forwarder name, number
	.globl	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	endbr64
	movq	%rdi, %r11
	subq	cm_range_base(%rip), %r11
	shrq	$CM_RANGE_BITS, %r11
	jnz		1f
	movq	(%rdi), %rdi
1:	jmpq	*(cm_forward_targets + 8 * \number)(%rip)
	.cfi_endproc
	.size	\name, . - \name
	.endm

#elif defined(__aarch64__)

	.macro	forwarder name, number
	.globl	\name
	.type	\name, %function
	.p2align 4
\name:
	.cfi_startproc
	hint	#34		/* bti c */
	adrp	x16, cm_range_base
	ldr		x16, [x16, #:lo12:cm_range_base]
	sub		x16, x0, x16
	lsr		x16, x16, #CM_RANGE_BITS
	cbnz	x16, 1f
	ldr		x0, [x0]
1:	adrp	x16, (cm_forward_targets + 8 * \number)
	ldr		x16, [x16, #:lo12:(cm_forward_targets + 8 * \number)]
	br		x16
	.cfi_endproc
	.size	\name, . - \name
	.endm

#else
#error "libpqcm has forwarders for x86-64 and aarch64 only"
#endif

#define FORWARD(function, number)                \
	.text;                                       \
	forwarder function, number;                  \
	.section .rodata.cm_names, "aMS", %progbits, 1; \
	cm_name_##number: .asciz #function;          \
	.section .data.rel.ro.cm_names, "aw", %progbits; \
	.quad	cm_name_##number

/* At the end of the list; the names' table began with the first line. */
#define FORWARDED(count)                         \
	.bss;                                        \
	.p2align 6;                                  \
	.globl	cm_forward_targets;                  \
	.type	cm_forward_targets, %object;         \
	.size	cm_forward_targets, 8 * count;       \
cm_forward_targets:                              \
	.zero	8 * count;                           \
	.section .rodata.cm_count, "a", %progbits;   \
	.p2align 2;                                  \
	.globl	cm_forward_count;                    \
	.type	cm_forward_count, %object;           \
	.size	cm_forward_count, 4;                 \
cm_forward_count:                                \
	.long	count;                               \
	.section .note.GNU-stack, "", %progbits

	.section .data.rel.ro.cm_names, "aw", %progbits
	.p2align 3
	.globl	cm_forward_names
	.type	cm_forward_names, %object
cm_forward_names:
