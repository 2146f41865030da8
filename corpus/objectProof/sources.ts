/** A module and an eBPF program of ours that draw in much of the kernel's headers: inline functions, assembler, macros with `#`. */

export const MODULE_C = `// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/workqueue.h>
#include <linux/kthread.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/rculist.h>
#include <linux/percpu.h>
#include <linux/tracepoint.h>
#include <net/sock.h>
#include <net/tcp.h>

struct proof_node {
	struct list_head list;
	struct rcu_head rcu;
	pid_t pid;
	atomic64_t hits;
};

static LIST_HEAD(nodes);
static DEFINE_SPINLOCK(nodes_lock);
static DEFINE_PER_CPU(unsigned long, proof_packets);
static DECLARE_WAIT_QUEUE_HEAD(proof_wait);
static unsigned int limit = 16;
module_param(limit, uint, 0644);
MODULE_PARM_DESC(limit, "nodes kept");

static int proof_add(pid_t pid)
{
	struct proof_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	unsigned long flags;

	if (!node)
		return -ENOMEM;
	BUILD_BUG_ON(sizeof(*node) > PAGE_SIZE);
	WARN_ON_ONCE(pid < 0);
	node->pid = pid;
	atomic64_set(&node->hits, 1);
	spin_lock_irqsave(&nodes_lock, flags);
	list_add_tail_rcu(&node->list, &nodes);
	spin_unlock_irqrestore(&nodes_lock, flags);
	wake_up_interruptible(&proof_wait);
	return 0;
}

static void proof_scan(struct work_struct *work)
{
	struct task_struct *task;
	struct proof_node *node;

	rcu_read_lock();
	for_each_process(task)
		if (task_pid_nr(task) % 7 == 0)
			pr_debug("%s[%d]\\n", task->comm, task_pid_nr(task));
	list_for_each_entry_rcu(node, &nodes, list)
		if (atomic64_inc_return(&node->hits) > READ_ONCE(limit))
			pr_info_ratelimited("%d\\n", node->pid);
	rcu_read_unlock();
}
static DECLARE_WORK(proof_work, proof_scan);

static netdev_tx_t proof_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct iphdr *ip = ip_hdr(skb);

	this_cpu_inc(proof_packets);
	if (skb->protocol == htons(ETH_P_IP) && ip->protocol == IPPROTO_TCP && skb->sk)
		pr_debug("%u\\n", tcp_sk(skb->sk)->snd_cwnd);
	/* Its BUG_ON is in the header: the one place where the line number of a header reaches an object file. */
	__skb_pull(skb, sizeof(*ip));
	skb_tx_timestamp(skb);
	dev_kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops proof_ops = {
	.ndo_start_xmit = proof_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

static ssize_t proof_read(struct file *file, char __user *to, size_t size, loff_t *pos)
{
	char text[64];
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(proof_packets, cpu);
	if (signal_pending(current))
		return -ERESTARTSYS;
	return simple_read_from_buffer(to, size, pos, text, scnprintf(text, sizeof(text), "%lu\\n", sum));
}

static long proof_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	u32 value;

	if (get_user(value, (u32 __user *)argument))
		return -EFAULT;
	switch (command) {
	case _IOR('k', 1, u32):
		return proof_add(value);
	case _IOW('k', 2, u32):
		schedule_work(&proof_work);
		return wait_event_interruptible(proof_wait, !list_empty(&nodes));
	case _IO('k', 3):
		outb(value, 0x80);
		return ioread32((void __iomem *)argument);
	}
	return put_user(jiffies_to_msecs(jiffies), (u32 __user *)argument);
}

static const struct file_operations proof_files = {
	.owner = THIS_MODULE,
	.read = proof_read,
	.unlocked_ioctl = proof_ioctl,
};

static struct miscdevice proof_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "proof",
	.fops = &proof_files,
};

static int __init proof_init(void)
{
	struct net_device *dev = alloc_etherdev(0);

	if (!dev)
		return -ENOMEM;
	dev->netdev_ops = &proof_ops;
	eth_hw_addr_random(dev);
	BUG_ON(misc_register(&proof_device));
	return register_netdev(dev);
}

static void __exit proof_exit(void)
{
	misc_deregister(&proof_device);
	cancel_work_sync(&proof_work);
	synchronize_rcu();
}

module_init(proof_init);
module_exit(proof_exit);
MODULE_DESCRIPTION("Proof of " __stringify(KBUILD_MODNAME) ", stripped");
MODULE_LICENSE("GPL");
`;

export const EBPF_C = `// SPDX-License-Identifier: GPL-2.0
#include <linux/types.h>
/* As samples/bpf does: clang for eBPF knows neither asm goto nor the assembler of the host. */
#undef asm_inline
#define asm_inline asm
#define volatile(x...) volatile("")
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/fs.h>
#include <net/sock.h>
#include <uapi/linux/bpf.h>
#include <uapi/linux/ptrace.h>

#define SEC(name) __attribute__((section(name), used))

struct proof_map {
	int (*type)[BPF_MAP_TYPE_HASH];
	int (*max_entries)[1024];
	u32 *key;
	u64 *value;
};
struct proof_map counts SEC(".maps");

static void *(*lookup)(void *map, const void *key) = (void *)BPF_FUNC_map_lookup_elem;
static long (*update)(void *map, const void *key, const void *value, u64 flags) = (void *)BPF_FUNC_map_update_elem;
static long (*read_kernel)(void *to, u32 size, const void *from) = (void *)BPF_FUNC_probe_read_kernel;
static u64 (*task_now)(void) = (void *)BPF_FUNC_get_current_task;

SEC("kprobe/__netif_receive_skb_core")
int proof_receive(struct pt_regs *regs)
{
	struct sk_buff *skb = 0;
	struct net_device *dev = 0;
	struct sock *sk = 0;
	struct task_struct *task = (struct task_struct *)task_now();
	u32 key = 0;
	u16 family = 0;
	u64 one = 1, *value;
	int pid = 0;

	read_kernel(&skb, sizeof(skb), (void *)regs->di);
	read_kernel(&dev, sizeof(dev), &skb->dev);
	read_kernel(&sk, sizeof(sk), &skb->sk);
	read_kernel(&family, sizeof(family), &sk->__sk_common.skc_family);
	read_kernel(&key, sizeof(key), &dev->ifindex);
	read_kernel(&pid, sizeof(pid), &task->pid);
	key += pid + (family == AF_INET6) + offsetof(struct inode, i_sb);
	value = lookup(&counts, &key);
	if (value)
		__sync_fetch_and_add(value, 1);
	else
		update(&counts, &key, &one, BPF_NOEXIST);
	return 0;
}

char _license[] SEC("license") = "GPL";
`;
