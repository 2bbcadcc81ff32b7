-- SPDX-License-Identifier: Apache-2.0
-- The truth for the databases.  A section "-- version: N" is the migration from N-1 to N,
-- run in one transaction; a released section is never edited, a new one is added below.

-- database: vault
-- version: 1

-- database: keeper
-- version: 1
