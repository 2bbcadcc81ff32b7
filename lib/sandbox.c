/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "lib/log.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#define OUR_ARCH 0
#endif

/* linux/landlock.h of the oldest supported system knows less than newer kernels do. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule	    445
#define SYS_landlock_restrict_self  446
#endif
enum {
	LL_VERSION = 1, /* flag of create_ruleset: tell the ABI */
	LL_PATH_BENEATH = 1,
	LL_EXECUTE = 1 << 0,
	LL_WRITE_FILE = 1 << 1,
	LL_READ_FILE = 1 << 2,
	LL_READ_DIR = 1 << 3,
	LL_REMOVE_DIR = 1 << 4,
	LL_REMOVE_FILE = 1 << 5,
	LL_MAKE_CHAR = 1 << 6,
	LL_MAKE_DIR = 1 << 7,
	LL_MAKE_REG = 1 << 8,
	LL_MAKE_SOCK = 1 << 9,
	LL_MAKE_FIFO = 1 << 10,
	LL_MAKE_BLOCK = 1 << 11,
	LL_MAKE_SYM = 1 << 12,
	LL_REFER = 1 << 13,
	LL_TRUNCATE = 1 << 14,
	LL_IOCTL_DEV = 1 << 15,

	LL_ABI_1 = (1 << 13) - 1,
	LL_ON_FILE = LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE,
	LL_READ = LL_READ_FILE | LL_READ_DIR,
	LL_WRITE = LL_WRITE_FILE | LL_TRUNCATE | LL_REMOVE_FILE | LL_MAKE_REG,
};

struct ll_ruleset {
	uint64_t handled_fs;
};

struct ll_path {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

int
sandbox_start(void)
{
	static const struct rlimit none = { 0, 0 };
	struct rlimit files;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return ERR_IO;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	return 0;
}

static int
allow(int rules, const char *const *list, uint64_t rights)
{
	struct ll_path rule;
	struct stat st;
	long rc;
	int fd;

	for (; list != NULL && *list != NULL; list++) {
		if (**list == '\0')
			continue;
		fd = open(*list, O_PATH | O_CLOEXEC);
		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
			continue;
		if (fd < 0)
			return ERR_IO;
		rule.parent_fd = fd;
		rule.allowed = rights;
		if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
			rule.allowed &= LL_ON_FILE;
		rc = syscall(SYS_landlock_add_rule, rules, LL_PATH_BENEATH, &rule, 0);
		(void)close(fd);
		if (rc != 0)
			return ERR_IO;
	}
	return 0;
}

/* What only test builds read: the leak checker its own process, lib/clock its offset. */
static int
allow_tests(int rules, uint64_t rights)
{
	const char *list[3] = { "", "", NULL };

	if (SANITIZED)
		list[0] = "/proc";
#ifdef TEST_CLOCK
	char dir[4096];
	const char *path = getenv("CEPTOAR_TEST_CLOCK"), *slash;

	slash = path != NULL ? strrchr(path, '/') : NULL;
	if (slash != NULL && slash != path && (size_t)(slash - path) < sizeof dir) {
		memcpy(dir, path, (size_t)(slash - path));
		dir[slash - path] = '\0';
		list[1] = dir;
	}
#endif
	return allow(rules, list, rights);
}

int
sandbox_paths(const char *const *ro, const char *const *rw)
{
	struct ll_ruleset set = { LL_ABI_1 };
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LL_VERSION);
	int rules, rc;

	if (abi < 1) {
		log_info("sandbox: this kernel has no Landlock; the file system stays as "
			 "it is");
		return 0;
	}
	if (abi >= 2)
		set.handled_fs |= LL_REFER;
	if (abi >= 3)
		set.handled_fs |= LL_TRUNCATE;
	if (abi >= 5)
		set.handled_fs |= LL_IOCTL_DEV;
	rules = (int)syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0);
	if (rules < 0)
		return ERR_IO;
	rc = allow(rules, ro, LL_READ & set.handled_fs);
	if (rc == 0)
		rc = allow_tests(rules, LL_READ & set.handled_fs);
	if (rc == 0)
		rc = allow(rules, rw, (LL_READ | LL_WRITE) & set.handled_fs);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		rc = ERR_IO;
	(void)close(rules);
	return rc == 0 ? 1 : rc;
}

/* clang-format off */
/* Calls that some architecture or an older header lacks are left out there. */
static const int refused[] = {
	SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv,
	SYS_process_vm_writev, SYS_kcmp, SYS_mount, SYS_umount2, SYS_pivot_root,
	SYS_chroot, SYS_setns, SYS_unshare, SYS_bpf, SYS_keyctl, SYS_add_key,
	SYS_request_key, SYS_userfaultfd, SYS_perf_event_open, SYS_init_module,
	SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon,
	SYS_swapoff, SYS_acct, SYS_quotactl, SYS_settimeofday, SYS_clock_settime,
	SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname,
	SYS_personality, SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_syslog,
	SYS_vhangup, SYS_nfsservctl, SYS_lookup_dcookie,
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
	SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs,
#endif
#ifdef SYS_io_uring_setup
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
#endif
#ifdef SYS_open_tree
	SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount,
	SYS_fspick,
#endif
#ifdef SYS_mount_setattr
	SYS_mount_setattr,
#endif
#ifdef SYS_pidfd_getfd
	SYS_pidfd_getfd,
#endif
#ifdef SYS_process_madvise
	SYS_process_madvise,
#endif
};
/* clang-format on */

enum {
	REFUSED = sizeof refused / sizeof refused[0],
	PROGRAM_MAX = 12 + REFUSED,
};

/* One comparison an instruction, then "refuse", then "allow" at the end. */
static unsigned
write_filter(struct sock_filter *f, enum sandbox_profile profile)
{
	const uint32_t refuse = SECCOMP_RET_ERRNO | EPERM;
	unsigned n = 0, i;

#define STMT(code, k) f[n++] = (struct sock_filter)BPF_STMT((code), (k))
#define JUMP(code, k, jt, jf) \
	f[n++] = (struct sock_filter)BPF_JUMP((code), (k), (jt), (jf))
	STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0);
	STMT(BPF_RET | BPF_K, refuse);
	STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
#if defined(__x86_64__)
	/* The x32 numbers would pass every comparison below. */
	JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1);
	STMT(BPF_RET | BPF_K, refuse);
#endif
	for (i = 0; i < REFUSED; i++)
		JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[i],
		    (uint8_t)(REFUSED - 1 - i + (profile == SANDBOX_LOCAL ? 3 : 1)), 0);
	if (profile == SANDBOX_LOCAL) {
		JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3);
		STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]));
		JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
	} else if (profile == SANDBOX_ALONE) {
		JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 1);
	} else {
		/* Over "refuse": nothing matched. */
		JUMP(BPF_JMP | BPF_JA, 1, 0, 0);
	}
	STMT(BPF_RET | BPF_K, refuse);
	STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
#undef STMT
#undef JUMP
	return n;
}

int
sandbox_syscalls(enum sandbox_profile profile)
{
	struct sock_filter f[PROGRAM_MAX];
	struct sock_fprog prog = { 0, f };

	/* The leak checker looks into its own process with ptrace. */
	if (SANITIZED || OUR_ARCH == 0)
		return 0;
	prog.len = (unsigned short)write_filter(f, profile);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) == 0)
		return 1;
	if (errno != EINVAL && errno != ENOSYS)
		return ERR_IO;
	log_info("sandbox: this kernel has no seccomp filters; all system calls stay");
	return 0;
}
