/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/change_people.h"

#include <string.h>

#include "daemon/vault/vstore_people.h"
#include "lib/clock.h"
#include "lib/mem.h"

int
change_is_id(const char id[VAULT_ID_MAX])
{
	size_t n = strnlen(id, VAULT_ID_MAX), i;

	if (n == 0 || n == VAULT_ID_MAX)
		return 0;
	for (i = 0; i < n; i++)
		if (!((id[i] >= 'a' && id[i] <= 'z') || (id[i] >= '0' && id[i] <= '9') ||
			id[i] == '-'))
			return 0;
	for (; i < VAULT_ID_MAX; i++)
		if (id[i] != '\0')
			return 0;
	return 1;
}

/* "" stands for the member itself. */
static int
is_person(const char id[VAULT_ID_MAX])
{
	return id[0] == '\0' || change_is_id(id);
}

size_t
change_people_len(uint16_t type)
{
	switch (type) {
	case VM_A_CONTACT:
		return VAULT_CONTACT_LEN;
	case VM_A_ROTATE:
		return VAULT_ROTATE_LEN;
	default:
		return 0;
	}
}

enum vault_status
change_people_check(uint16_t type, const unsigned char *p, size_t n)
{
	struct vault_contact c;
	struct vault_rotate r;
	int ok = 0;

	switch (type) {
	case VM_A_CONTACT:
		ok = vault_contact_get(p, n, &c) == 0 && change_is_id(c.id) &&
		     is_person(c.person);
		mem_wipe(&c, sizeof c);
		break;
	case VM_A_ROTATE:
		ok = vault_rotate_get(p, n, &r) == 0 && change_is_id(r.id) &&
		     is_person(r.person);
		break;
	default:
		break;
	}
	return ok ? VS_OK : VS_INVALID;
}

int
change_people_apply(
    struct vpeople *store, uint16_t type, const unsigned char *p, size_t n)
{
	int64_t now = clock_wall_ms() / 1000;
	struct vault_contact c;
	struct vault_rotate r;
	int rc = ERR_INVALID;

	switch (type) {
	case VM_A_CONTACT:
		rc = vault_contact_get(p, n, &c);
		rc = rc == 0 ? vpeople_put_contact(store, &c, now) : rc;
		mem_wipe(&c, sizeof c);
		break;
	case VM_A_ROTATE:
		rc = vault_rotate_get(p, n, &r);
		rc = rc == 0 ? vpeople_rotate(store, &r, now) : rc;
		break;
	default:
		break;
	}
	return rc;
}
