export type IpFamily = 'IPv4' | 'IPv6';

/** A range of addresses, CIDR with host bits zero, such as `10.128.0.0/20`. */
export type Cidr = string;

/** Why a block or an address was not given; the names are condition reasons. */
export type Refusal =
  | { readonly ok: false; readonly reason: 'RangeExhausted'; readonly message: string }
  | { readonly ok: false; readonly reason: 'OutOfRange'; readonly message: string }
  /** `holder` is the uid of the Subnet whose block is in the way. */
  | { readonly ok: false; readonly reason: 'AddressConflict'; readonly message: string; readonly holder: string };

/** Why an address was not given, where a limit is in the way and not the range. */
export interface QuotaRefusal {
  readonly ok: false;
  readonly reason: 'QuotaExceeded';
  readonly message: string;
}

/** What a network's address space looks like. Counts are of addresses; IPv6 counts exceed 2^53. */
export interface SpaceUse {
  readonly range: Cidr;
  readonly blocks: number;
  readonly allocatedAddresses: bigint;
  readonly capacity: bigint;
}

/**
 * Address management. Every allocation is idempotent by its owner's uid: asking again answers the same. Postgres itself
 * refuses overlapping blocks of one network and two owners of one address, whatever the callers do.
 */
export interface Ipam {
  /**
   * Makes the range of a network known (idempotent). Without `range` an IPv6 network gets a /48 out of fd20::/20 that no
   * other network of the project has. Answers the range. A larger range that contains the old one grows the space; any
   * other change is refused with OutOfRange.
   */
  ensureSpace(network: {
    project: string;
    uid: string;
    family: IpFamily;
    range?: Cidr;
  }): Promise<{ ok: true; range: Cidr } | Refusal>;
  /** Forgets a network's space; its blocks must be gone. Answers false while they are not. */
  dropSpace(network: { project: string; uid: string }): Promise<boolean>;
  /**
   * Gives a block of the network to a Subnet (`owner` is its uid): the best fit of `prefixLength`, or exactly
   * `startAddress/prefixLength`.
   */
  allocateBlock(request: {
    project: string;
    network: string;
    family: IpFamily;
    owner: string;
    prefixLength: number;
    startAddress?: string;
  }): Promise<{ ok: true; block: Cidr } | Refusal>;
  /**
   * Grows a Subnet's block where it lies: to the block of `prefixLength` around it, which has to begin at `startAddress` where
   * that is given. Answers the block; one that is as large already stays as it is. All addresses that were given stay so.
   */
  growBlock(request: {
    project: string;
    owner: string;
    prefixLength: number;
    startAddress?: string;
  }): Promise<{ ok: true; block: Cidr } | Refusal>;
  /** Gives a Subnet's block back. Answers false, and keeps it, while addresses in it are allocated. No block: true. */
  releaseBlock(request: { project: string; owner: string }): Promise<boolean>;
  /**
   * Gives an address of a Subnet's block to one interface of an instance. Never network, gateway and the last two of an
   * IPv4 block. Prefers `address` when it is free (an instance that is made again keeps its own). Limits on the addresses
   * of `namespace`, which is the owner's, and of the project are kept.
   */
  allocateAddress(request: {
    project: string;
    namespace?: string;
    subnet: string;
    owner: string;
    interfaceIndex: number;
    address?: string;
  }): Promise<{ ok: true; address: string } | Refusal | QuotaRefusal>;
  /** Gives back every address of an owner; answers the uids of the subnets concerned. */
  releaseAddresses(request: { project: string; owner: string }): Promise<string[]>;
  addressesOf(request: {
    project: string;
    owner: string;
  }): Promise<{ subnet: string; interfaceIndex: number; address: string }[]>;
  /** Use of one subnet's block; `capacity` leaves out what the cloud reserves. */
  subnetUse(request: { project: string; subnet: string }): Promise<{ capacity: bigint; allocated: bigint } | undefined>;
  /** Use of a network's spaces by family. */
  networkUse(request: { project: string; network: string }): Promise<Partial<Record<IpFamily, SpaceUse>>>;
}
