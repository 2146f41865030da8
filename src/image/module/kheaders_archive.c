// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows an archive of kernel headers as /sys/kernel/kheaders.tar.xz, on kernels that were built without CONFIG_IKHEADERS.
 *
 * The archive is part of the module. It lies between the markers of the first proposal, so that it can be cut out of the
 * module's file without loading it, and between the symbols that today's kernels use.
 */
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* Seven bytes of marker: with one before it the Stream begins at a multiple of four, as the .xz specification asks. */
asm (
"	.pushsection .rodata, \"a\"\n"
"	.balign 4\n"
"	.byte 0\n"
"	.ascii \"IKHD_ST\"\n"
"	.global kernel_headers_data\n"
"kernel_headers_data:\n"
"	.incbin \"" KHEADERS_ARCHIVE "\"\n"
"	.global kernel_headers_data_end\n"
"kernel_headers_data_end:\n"
"	.ascii \"IKHD_ED\"\n"
"	.popsection\n"
);

extern char kernel_headers_data[];
extern char kernel_headers_data_end[];

/*
 * Linux 6.10 brought an initialiser for attributes whose bytes lie in memory. Since then it has followed every change of
 * the callback's type, such as the attribute becoming const; before, the type was always the one below.
 */
#ifdef __BIN_ATTR_SIMPLE_RO
static struct bin_attribute archive = __BIN_ATTR_SIMPLE_RO(kheaders.tar.xz, 0444);
#else
static ssize_t read_archive(struct file *file, struct kobject *kobj, struct bin_attribute *attribute, char *buffer,
			    loff_t offset, size_t count)
{
	/* sysfs has cut offset and count to the attribute's size. */
	memcpy(buffer, kernel_headers_data + offset, count);
	return count;
}

static struct bin_attribute archive = {
	.attr = { .name = "kheaders.tar.xz", .mode = 0444 },
	.read = read_archive,
};
#endif

static int __init show_archive(void)
{
	archive.private = kernel_headers_data;
	archive.size = kernel_headers_data_end - kernel_headers_data;
	return sysfs_create_bin_file(kernel_kobj, &archive);
}

static void __exit hide_archive(void)
{
	sysfs_remove_bin_file(kernel_kobj, &archive);
}

module_init(show_archive);
module_exit(hide_archive);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Kernel headers as /sys/kernel/kheaders.tar.xz");
