/* SPDX-License-Identifier: MIT */
/* Who descends from whom: pure functions of a table, which need no memory but the caller's arrays. */
#include <sonde/sonde.h>

static const size_t no_row = SIZE_MAX;

/* Whether parent can be the parent of child: not itself, and not younger. */
static bool is_parent(const sonde_process *parent, const sonde_process *child) {
  const uint64_t both = parent->valid & child->valid;
  return (child->valid & SONDE_PROCESS_PPID) != 0 && parent->pid == child->ppid && parent != child &&
         ((both & SONDE_PROCESS_START_TIME) == 0 || parent->start_id <= child->start_id);
}

static bool pids_ascend(const sonde_process_table *table) {
  for (size_t i = 1; i < table->count; i++) {
    if (table->rows[i - 1].pid > table->rows[i].pid) return false;
  }
  return true;
}

/* The place in `order`, NULL for the table's own, of the first row whose pid is not less; rows ascend by pid there. */
static size_t lower_bound(const sonde_process_table *table, const size_t *order, sonde_pid pid) {
  size_t low = 0;
  size_t high = table->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (table->rows[order == NULL ? middle : order[middle]].pid < pid) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

static size_t find_sorted(const sonde_process_table *table, const size_t *order, sonde_pid pid) {
  const size_t at = lower_bound(table, order, pid);
  if (at == table->count) return no_row;
  const size_t row = order == NULL ? at : order[at];
  return table->rows[row].pid == pid ? row : no_row;
}

size_t sonde_process_table_find(const sonde_process_table *table, sonde_pid pid) {
  for (size_t i = 0; table != NULL && i < table->count; i++) {
    if (table->rows[i].pid == pid) return i;
  }
  return no_row;
}

/* The parent of a row, found by bisection when the pids ascend. */
static size_t parent_of(const sonde_process_table *table, bool ascending, size_t row) {
  const sonde_process *const child = &table->rows[row];
  if ((child->valid & SONDE_PROCESS_PPID) == 0) return no_row;
  const size_t parent =
      ascending ? find_sorted(table, NULL, child->ppid) : sonde_process_table_find(table, child->ppid);
  return parent != no_row && is_parent(&table->rows[parent], child) ? parent : no_row;
}

size_t sonde_process_table_parent(const sonde_process_table *table, size_t row) {
  if (table == NULL || row >= table->count) return no_row;
  return parent_of(table, false, row);
}

/* Whether row descends from ancestor. A cycle that does not hold ancestor is found by a second walker at half speed. */
static bool descends(const sonde_process_table *table, bool ascending, size_t row, size_t ancestor) {
  size_t slow = row;
  size_t fast = row;
  for (bool move_slow = false;; move_slow = !move_slow) {
    fast = parent_of(table, ascending, fast);
    if (fast == no_row || fast == ancestor) return fast == ancestor;
    if (move_slow) slow = parent_of(table, ascending, slow);
    if (slow == fast) return false;
  }
}

static bool holds(const size_t *rows, size_t count, size_t row) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (rows[middle] < row) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count && rows[low] == row;
}

sonde_status sonde_process_table_children(const sonde_process_table *table, size_t *out, size_t out_max,
                                          size_t *out_count, sonde_pid pid, bool recursive) {
  if (table == NULL || out_count == NULL || (out == NULL && out_max > 0)) return SONDE_ERR_INVALID;
  const size_t root = sonde_process_table_find(table, pid);
  if (root == no_row) return SONDE_ERR_NO_PROCESS;
  const bool ascending = pids_ascend(table);
  size_t needed = 0;
  for (size_t i = 0; i < table->count; i++) {
    if (i == root) continue;
    needed += recursive ? descends(table, ascending, i, root) : parent_of(table, ascending, i) == root;
  }
  *out_count = needed;
  if (needed == 0) return SONDE_OK;
  if (needed > out_max) return SONDE_ERR_INVALID;
  size_t count = 0;
  for (size_t i = 0; i < table->count; i++) {
    if (i != root && parent_of(table, ascending, i) == root) out[count++] = i;
  }
  /* Each generation is out[from..to), ascending. The root is in none, so that a cycle through it ends. */
  for (size_t from = 0, to = count; count < needed; from = to, to = count) {
    for (size_t i = 0; i < table->count; i++) {
      const size_t parent = i == root ? no_row : parent_of(table, ascending, i);
      if (parent != no_row && holds(out + from, to - from, parent)) out[count++] = i;
    }
  }
  return SONDE_OK;
}

static bool comes_before(const sonde_process_table *table, size_t a, size_t b) {
  const sonde_pid pid_a = table->rows[a].pid;
  const sonde_pid pid_b = table->rows[b].pid;
  return pid_a != pid_b ? pid_a < pid_b : a < b;
}

static void sift_down(const sonde_process_table *table, size_t *heap, size_t count, size_t at) {
  const size_t row = heap[at];
  for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count && comes_before(table, heap[child], heap[child + 1])) child++;
    if (!comes_before(table, row, heap[child])) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = row;
}

/* order[] becomes the rows by ascending pid: heapsort. */
static void sort_by_pid(const sonde_process_table *table, size_t *order) {
  const size_t count = table->count;
  for (size_t i = 0; i < count; i++) order[i] = i;
  if (pids_ascend(table)) return;
  for (size_t i = count / 2; i > 0; i--) sift_down(table, order, count, i - 1);
  for (size_t i = count; i > 1; i--) {
    const size_t last = order[0];
    order[0] = order[i - 1];
    order[i - 1] = last;
    sift_down(table, order, i - 1, 0);
  }
}

enum {
  UNSEEN,
  ON_THIS_WALK,
  SEEN
};

/* Makes the first row of each cycle a root. */
static void cut_cycles(size_t *parents, uint32_t *seen, size_t count) {
  for (size_t i = 0; i < count; i++) seen[i] = UNSEEN;
  for (size_t i = 0; i < count; i++) {
    size_t at = i;
    while (at != no_row && seen[at] == UNSEEN) {
      seen[at] = ON_THIS_WALK;
      at = parents[at];
    }
    if (at != no_row && seen[at] == ON_THIS_WALK) {
      size_t first = at;
      for (size_t next = parents[at]; next != at; next = parents[next]) {
        seen[next] = SEEN;
        first = next < first ? next : first;
      }
      seen[at] = SEEN;
      parents[first] = no_row;
    }
    for (at = i; at != no_row && seen[at] == ON_THIS_WALK; at = parents[at]) seen[at] = SEEN;
  }
}

/* A link to the next row in tree order other than to one's own child: to the next sibling, or back to the parent. */
#define LINK_IS_UP (SIZE_MAX / 2 + 1)
#define LINK_HAS_CHILD (SIZE_MAX / 4 + 1)
#define LINK_END (SIZE_MAX / 4) /* back to no parent */
#define LINK_ROW (SIZE_MAX / 4)

/* Goes from a row that has no child left to visit to the next row; LINK_END: there is none. */
static size_t next_up(const size_t *links, size_t row, uint32_t *depth) {
  while ((links[row] & LINK_IS_UP) != 0) {
    row = links[row] & LINK_ROW;
    if (row == LINK_END) return LINK_END;
    --*depth;
  }
  return links[row] & LINK_ROW;
}

void sonde_process_table_tree(const sonde_process_table *table, size_t *order, uint32_t *depth, size_t *scratch) {
  if (table == NULL || order == NULL || depth == NULL || scratch == NULL) return;
  const size_t count = table->count;
  if (count == 0 || count >= UINT32_MAX || count >= LINK_END) return;

  /* order: the parents; scratch: the rows by pid, to find them. */
  sort_by_pid(table, scratch);
  for (size_t i = 0; i < count; i++) {
    const sonde_process *const child = &table->rows[i];
    const size_t parent = (child->valid & SONDE_PROCESS_PPID) != 0 ? find_sorted(table, scratch, child->ppid) : no_row;
    order[i] = parent != no_row && is_parent(&table->rows[parent], child) ? parent : no_row;
  }
  cut_cycles(order, depth, count);

  /* scratch: the links; depth: each row's first child. From the last row to the first, so that siblings keep the
   * table's order. */
  const uint32_t no_child = UINT32_MAX;
  size_t first_root = LINK_END;
  for (size_t i = 0; i < count; i++) {
    depth[i] = no_child;
    scratch[i] = 0;
  }
  for (size_t i = count; i > 0; i--) {
    const size_t row = i - 1;
    const size_t parent = order[row];
    const size_t sibling = parent == no_row ? first_root : depth[parent] == no_child ? LINK_END : depth[parent];
    if (sibling == LINK_END) {
      scratch[row] |= LINK_IS_UP | (parent == no_row ? LINK_END : parent);
    } else {
      scratch[row] |= sibling;
    }
    if (parent == no_row) {
      first_root = row;
    } else {
      depth[parent] = (uint32_t)row;
      scratch[parent] |= LINK_HAS_CHILD;
    }
  }

  /* order: the answer. Then depth in a second walk, since the first still needs the children. */
  uint32_t unused = UINT32_MAX;
  for (size_t i = 0, row = first_root; i < count && row != LINK_END; i++) {
    order[i] = row;
    row = depth[row] != no_child ? depth[row] : next_up(scratch, row, &unused);
  }
  uint32_t level = 0;
  for (size_t i = 0; i < count; i++) {
    depth[i] = level;
    if ((scratch[order[i]] & LINK_HAS_CHILD) != 0) {
      level++;
    } else {
      next_up(scratch, order[i], &level);
    }
  }
}
