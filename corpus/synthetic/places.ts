import type { HeaderKind } from './headerText.js';

/** A directory that headers are dealt out to. */
export interface Place {
  readonly directory: string;
  readonly kind: HeaderKind | 'wrapper';
  /** Its share, relative to the others' weights. */
  readonly weight: number;
  /** What stands before every name: a vendor's prefix in device tree bindings. */
  readonly prefix: string;
}

const place = (weight: number, kind: Place['kind'], directory: string, prefix = ''): Place => ({
  directory,
  kind,
  weight,
  prefix,
});

const ARCHITECTURE = (arch: string): Place[] => [
  place(50, 'assembly', `arch/${arch}/include/asm`),
  place(10, 'assembly', `arch/${arch}/include/asm/trace`),
  place(16, 'user', `arch/${arch}/include/uapi/asm`),
  place(22, 'wrapper', `arch/${arch}/include/generated/asm`),
  place(16, 'wrapper', `arch/${arch}/include/generated/uapi/asm`),
];

/** About a kernel's own proportions, with fewer drivers. */
export const PLACES: readonly Place[] = [
  place(210, 'interface', 'include/linux'),
  place(20, 'interface', 'include/linux/sched'),
  place(20, 'interface', 'include/linux/mfd'),
  place(12, 'interface', 'include/linux/platform_data'),
  place(6, 'interface', 'include/linux/soc/acme/legacy'),
  place(40, 'interface', 'include/net'),
  place(8, 'interface', 'include/net/netns'),
  place(20, 'interface', 'include/sound'),
  place(16, 'interface', 'include/media'),
  place(16, 'interface', 'include/drm'),
  place(10, 'interface', 'include/crypto'),
  place(18, 'interface', 'include/trace/events'),
  place(20, 'assembly', 'include/asm-generic'),
  place(85, 'user', 'include/uapi/linux'),
  place(12, 'user', 'include/uapi/linux/netfilter'),
  place(8, 'user', 'include/uapi/sound'),
  place(5, 'user', 'include/uapi/asm-generic'),
  place(50, 'bindings', 'include/dt-bindings/clock', 'acme,'),
  place(20, 'bindings', 'include/dt-bindings/reset', 'acme,'),
  place(15, 'bindings', 'include/dt-bindings/pinctrl'),
  place(15, 'bindings', 'include/dt-bindings/interconnect', 'widget,'),
  ...ARCHITECTURE('x86'),
  ...ARCHITECTURE('arm64'),
  place(12, 'interface', 'kernel'),
  place(6, 'interface', 'kernel/sched'),
  place(30, 'interface', 'drivers/net/ethernet/acme'),
  place(25, 'registers', 'drivers/net/wireless/widget/core/hw'),
  place(25, 'interface', 'drivers/media/platform/acme'),
  place(20, 'registers', 'drivers/gpu/drm/acme/include/asic_reg/blk'),
  place(15, 'registers', 'drivers/gpu/drm/acme/include/asic_reg/blk/v2'),
];
