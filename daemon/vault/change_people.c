/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/change_people.h"

#include <string.h>

#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_roster.h"
#include "lib/clock.h"
#include "lib/mem.h"

enum { SHIFTS_KEPT_DAYS = 90 };

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

int
change_is_person(const char id[VAULT_ID_MAX])
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
	case VM_A_PERSON:
		return VAULT_PERSON_LEN;
	case VM_A_NAMES:
		return VAULT_NAMES_LEN;
	case VM_A_SHIFT:
		return VAULT_SHIFT_LEN;
	case VM_A_UNROSTER:
		return VAULT_ID_MAX;
	default:
		return 0;
	}
}

enum vault_status
change_people_check(uint16_t type, const unsigned char *p, size_t n)
{
	struct vault_contact c;
	struct vault_person who;
	struct vault_names names;
	struct vault_rotate r;
	struct vault_shift shift;
	int ok = 0;

	switch (type) {
	case VM_A_CONTACT:
		ok = vault_contact_get(p, n, &c) == 0 && change_is_id(c.id) &&
		     change_is_person(c.person);
		mem_wipe(&c, sizeof c);
		break;
	case VM_A_ROTATE:
		ok = vault_rotate_get(p, n, &r) == 0 && change_is_id(r.id) &&
		     change_is_person(r.person);
		break;
	case VM_A_PERSON:
		ok = vault_person_get(p, n, &who) == 0 && change_is_id(who.id) &&
		     change_is_id(who.person);
		break;
	case VM_A_NAMES:
		ok = vault_names_get(p, n, &names) == 0 && change_is_id(names.id) &&
		     change_is_person(names.person);
		break;
	case VM_A_SHIFT:
		ok = vault_shift_get(p, n, &shift) == 0 && change_is_id(shift.id) &&
		     change_is_id(shift.person);
		break;
	case VM_A_UNROSTER:
		ok = change_is_id((const char *)p);
		break;
	default:
		break;
	}
	return ok ? VS_OK : VS_INVALID;
}

int
change_people_apply(struct vstore *s, uint16_t type, const unsigned char *p, size_t n)
{
	struct vpeople *store = vstore_people(s);
	int64_t now = clock_wall_ms() / 1000;
	struct vault_contact c;
	struct vault_person who;
	struct vault_names names;
	struct vault_rotate r;
	struct vault_shift shift;
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
	case VM_A_PERSON:
		rc = vault_person_get(p, n, &who);
		rc = rc == 0 ? vpeople_put_person(store, &who) : rc;
		break;
	case VM_A_NAMES:
		rc = vault_names_get(p, n, &names);
		rc = rc == 0 ? vpeople_put_names(store, &names) : rc;
		break;
	case VM_A_SHIFT:
		rc = vault_shift_get(p, n, &shift);
		rc = rc == 0 ? vroster_put(vstore_roster(s), &shift) : rc;
		break;
	case VM_A_UNROSTER:
		rc = vroster_drop(vstore_roster(s), (const char *)p);
		break;
	default:
		break;
	}
	return rc;
}

int
change_people_sweep(struct vstore *s)
{
	int64_t now = clock_wall_ms() / 1000;
	int rc = vpeople_sweep(vstore_people(s), now);

	return rc == 0
		   ? vroster_sweep(vstore_roster(s), now / 60 - SHIFTS_KEPT_DAYS * 1440)
		   : rc;
}
