package org.virtugrid.control.vm.libvirt;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a guest that starts is told of the grid.
 *
 * @param peers host:port of every other node that may be there
 * @param caches names of all caches of an active grid: what the guest's database holds of others was destroyed while it was
 *     away, and with that it would be kept out; empty while that is not known
 */
record GridHints(List<String> peers, Optional<Set<String>> caches) {}
