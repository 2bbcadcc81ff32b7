/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/punycode.h"

#include <stdint.h>

#include "proto/fold.h"

enum {
	BASE = 36,
	TMIN = 1,
	TMAX = 26,
	SKEW = 38,
	DAMP = 700,
	FIRST_BIAS = 72,
	FIRST_N = 128,
	LABEL_POINTS = 63
};

static char
digit(uint32_t d)
{
	return (char)(d < 26 ? 'a' + d : '0' + (d - 26));
}

/* RFC 3492, 6.1. */
static uint32_t
adapt(uint32_t delta, uint32_t points, int first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	while (delta > ((BASE - TMIN) * TMAX) / 2) {
		delta /= BASE - TMIN;
		k += BASE;
	}
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static void
add_integer(uint32_t q, uint32_t bias, struct buf *out)
{
	uint32_t k, t;

	for (k = BASE;; k += BASE) {
		t = k <= bias ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
		if (q < t)
			break;
		buf_addc(out, digit(t + (q - t) % (BASE - t)));
		q = (q - t) / (BASE - t);
	}
	buf_addc(out, digit(q));
}

static uint32_t
least_from(const struct fold *f, uint32_t n)
{
	uint32_t m = UINT32_MAX;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->v[i].c >= n && f->v[i].c < m)
			m = f->v[i].c;
	return m;
}

/* RFC 3492, 6.3.  At most 63 points below 2^21: nothing here can overflow 32 bits. */
static void
encode(const struct fold *f, struct buf *out)
{
	uint32_t n = FIRST_N, delta = 0, bias = FIRST_BIAS, m, done = 0, basic;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->v[i].c < FIRST_N) {
			buf_addc(out, (char)f->v[i].c);
			done++;
		}
	basic = done;
	if (basic > 0)
		buf_addc(out, '-');
	while (done < f->n) {
		m = least_from(f, n);
		delta += (m - n) * (done + 1);
		n = m;
		for (i = 0; i < f->n; i++) {
			if (f->v[i].c < n)
				delta++;
			if (f->v[i].c != n)
				continue;
			add_integer(delta, bias, out);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
}

static int
add_label(struct slice label, struct buf *out)
{
	struct fold f;
	size_t i;
	int r;

	for (i = 0; i < label.n && (unsigned char)label.p[i] < 0x80;)
		i++;
	if (i == label.n) {
		buf_add(out, label.p, label.n);
		return 0;
	}
	r = fold_text(label, &f);
	if (r != 0)
		return r;
	for (i = 0; i < f.n && f.v[i].c < FIRST_N;)
		i++;
	if (f.n > LABEL_POINTS) {
		r = ERR_INVALID;
	} else {
		if (i < f.n)
			buf_adds(out, "xn--");
		if (i < f.n)
			encode(&f, out);
		else /* full-width letters, now plain */
			for (i = 0; i < f.n; i++)
				buf_addc(out, (char)f.v[i].c);
	}
	fold_done(&f);
	return r;
}

int
punycode_host(struct slice host, struct buf *out)
{
	struct slice label = { host.p, 0 };
	size_t i;
	int r;

	for (i = 0; i <= host.n; i++) {
		if (i < host.n && host.p[i] != '.')
			continue;
		label.n = (size_t)(host.p + i - label.p);
		r = add_label(label, out);
		if (r != 0)
			return r;
		if (i < host.n) {
			buf_addc(out, '.');
			label.p = host.p + i + 1;
		}
	}
	return buf_err(out);
}
