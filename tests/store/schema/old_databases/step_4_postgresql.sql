-- What the program of step 4 had written, as `pg_dump --inserts` gives it, without the names of the schema.
CREATE TABLE account (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    person_id bytea,
    kind text NOT NULL,
    external bigint NOT NULL,
    status text NOT NULL,
    status_at bigint,
    status_by bytea,
    locale text NOT NULL,
    security_stamp bigint NOT NULL,
    failures bigint NOT NULL,
    locked_until bigint,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    policy_version_ok text DEFAULT ''::text NOT NULL,
    preferred_channel text DEFAULT ''::text NOT NULL,
    main_account_id bytea
);
CREATE TABLE account_certificate (
    fingerprint text NOT NULL,
    tenant_id bytea NOT NULL,
    account_id bytea NOT NULL,
    der bytea NOT NULL,
    subject text NOT NULL,
    issuer text NOT NULL,
    serial text NOT NULL,
    not_before bigint NOT NULL,
    not_after bigint NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE account_context (
    account_id bytea NOT NULL,
    context_id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    from_at bigint NOT NULL,
    until_at bigint
);
CREATE TABLE acting_context (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    methods text NOT NULL,
    level bigint NOT NULL
);
CREATE TABLE address_verification (
    account_id bytea NOT NULL,
    type text NOT NULL,
    tenant_id bytea NOT NULL,
    canonical text NOT NULL,
    display text NOT NULL,
    redirect_to_main bigint NOT NULL,
    code_hash bytea NOT NULL,
    tries bigint NOT NULL,
    sent bigint NOT NULL,
    sent_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE audit_event (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    tenant_id bytea NOT NULL,
    type text NOT NULL,
    outcome text NOT NULL,
    actor bytea,
    on_behalf_of bytea,
    subject bytea,
    client text NOT NULL,
    session bytea,
    request_id text NOT NULL,
    context text NOT NULL,
    data text NOT NULL,
    personal_digest bytea NOT NULL,
    salt bytea NOT NULL,
    personal text NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE TABLE audit_head (
    id bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    seal bytea NOT NULL
);
CREATE TABLE client (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    client_id text NOT NULL,
    spec text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE credential (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    account_id bytea NOT NULL,
    type text NOT NULL,
    data bytea NOT NULL,
    must_change bigint NOT NULL,
    created_at bigint NOT NULL,
    kind text DEFAULT 'own'::text NOT NULL,
    set_at bigint DEFAULT 0 NOT NULL,
    not_after bigint,
    reminded_days bigint
);
CREATE TABLE device (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    account_id bytea NOT NULL,
    secret_hash bytea NOT NULL,
    user_agent text NOT NULL,
    created_at bigint NOT NULL,
    last_seen bigint NOT NULL
);
CREATE TABLE failure_count (
    key_hash bytea NOT NULL,
    account_id bytea,
    failures bigint NOT NULL,
    last_at bigint NOT NULL,
    barrier_at bigint NOT NULL
);
CREATE TABLE grant_family (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    session_id bytea NOT NULL,
    account_id bytea NOT NULL,
    client_id bytea NOT NULL,
    context_id bytea NOT NULL,
    scope text NOT NULL,
    sid text NOT NULL,
    redirect_uri text NOT NULL,
    code_challenge text NOT NULL,
    nonce text NOT NULL,
    resource text NOT NULL,
    code_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    code_until bigint NOT NULL,
    redeemed_at bigint,
    revoked_at bigint,
    expires_at bigint NOT NULL,
    level bigint NOT NULL,
    amr text NOT NULL,
    auth_time bigint NOT NULL
);
CREATE TABLE group_ (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    name text NOT NULL
);
CREATE TABLE group_member (
    account_id bytea NOT NULL,
    group_id bytea NOT NULL,
    tenant_id bytea NOT NULL
);
CREATE TABLE identifier (
    canonical text NOT NULL,
    type text NOT NULL,
    tenant_id bytea NOT NULL,
    account_id bytea NOT NULL,
    display text NOT NULL,
    verified_at bigint,
    may_login bigint NOT NULL,
    valid_until bigint,
    created_at bigint NOT NULL,
    redirect_to_main bigint DEFAULT 0 NOT NULL
);
CREATE TABLE installation_mark (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE login_statistics (
    account_id bytea NOT NULL,
    realm text NOT NULL,
    tenant_id bytea NOT NULL,
    last_success bigint,
    last_success_ip text NOT NULL,
    last_failure bigint,
    failures_since_success bigint NOT NULL,
    previous_success bigint,
    failures_before bigint DEFAULT 0 NOT NULL
);
CREATE TABLE network_bucket (
    key_hash bytea NOT NULL,
    taken bigint NOT NULL,
    at bigint NOT NULL
);
CREATE TABLE one_time_token (
    hash bytea NOT NULL,
    tenant_id bytea NOT NULL,
    purpose text NOT NULL,
    account_id bytea NOT NULL,
    channel text NOT NULL,
    data bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    tries bigint NOT NULL,
    consumed_at bigint
);
CREATE TABLE outbox (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    kind text NOT NULL,
    payload bytea NOT NULL,
    tries bigint NOT NULL,
    next_at bigint NOT NULL,
    state text NOT NULL,
    last_error text NOT NULL,
    created_at bigint NOT NULL,
    finished_at bigint
);
CREATE TABLE password_history (
    account_id bytea NOT NULL,
    digest bytea NOT NULL,
    tenant_id bytea NOT NULL,
    cost text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE person (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    given text NOT NULL,
    family text NOT NULL
);
CREATE TABLE person_identifier (
    canonical text NOT NULL,
    type text NOT NULL,
    tenant_id bytea NOT NULL,
    person_id bytea NOT NULL,
    display text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE policy (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    spec text NOT NULL,
    version bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE TABLE policy_binding (
    scope text NOT NULL,
    scope_id bytea NOT NULL,
    policy_id bytea NOT NULL,
    tenant_id bytea NOT NULL
);
CREATE TABLE schema_migration (
    step bigint NOT NULL,
    applied_at bigint NOT NULL,
    program bigint NOT NULL,
    oldest_compatible bigint NOT NULL
);
CREATE TABLE session (
    id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    secret_hash bytea NOT NULL,
    account_id bytea NOT NULL,
    context_id bytea,
    method text NOT NULL,
    level bigint NOT NULL,
    amr text NOT NULL,
    auth_time bigint NOT NULL,
    created_at bigint NOT NULL,
    last_seen bigint NOT NULL,
    idle_until bigint NOT NULL,
    absolute_until bigint NOT NULL,
    ends_at bigint NOT NULL,
    security_stamp bigint NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL,
    must_change text DEFAULT 'no'::text NOT NULL,
    proven_at bigint
);
CREATE TABLE session_client (
    session_id bytea NOT NULL,
    client_id bytea NOT NULL,
    tenant_id bytea NOT NULL,
    sid text NOT NULL
);
CREATE TABLE signing_key (
    kid text NOT NULL,
    algorithm text NOT NULL,
    sealed_pkcs8 bytea NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE tenant (
    id bytea NOT NULL,
    name text NOT NULL,
    settings text NOT NULL
);
CREATE TABLE throttle (
    key_hash bytea NOT NULL,
    window_end bigint NOT NULL,
    hits bigint NOT NULL
);
INSERT INTO account VALUES ('\x01a3185c5000751ebc7ac8a9663f3925', '\x01a21f5d0bb57df285beebb78cca5ff5', '\x01a3185c5000747bb4273f0e681ae014', 'employee', 0, 'active', NULL, NULL, '', 0, 0, NULL, 1800000000000, 0, '', '', NULL);
INSERT INTO audit_event VALUES (1, 1800000000000, '\x01a21f5d0bb57df285beebb78cca5ff5', 'login', 'success', '\x01a3185c5000751ebc7ac8a9663f3925', NULL, '\x01a3185c5000751ebc7ac8a9663f3925', '', NULL, 'r-1', '', '{"method":"password"}', '\x094cc6fddd5fc63b3cf434bd19b61ac0fa3a536432586ccd0fdf963c990d3396', '\xbd6fb9c23e152703b80e2cab06f5e8fa', '{"ip":"192.0.2.7"}', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x65f5ba7c5875a6400059915ceececc895f12e79ccefb0ad70e80f7129d0d4588');
INSERT INTO audit_head VALUES (1, 1, '\x65f5ba7c5875a6400059915ceececc895f12e79ccefb0ad70e80f7129d0d4588', '\x1b39699a16ade7bc327512134a6d47aecc02abf2bf7a87f9fae2ca0dda994122');
INSERT INTO credential VALUES ('\x01a3185c5000777a88d25a2354871b20', '\x01a21f5d0bb57df285beebb78cca5ff5', '\x01a3185c5000751ebc7ac8a9663f3925', 'password', '\x01b836f11cf0d272b3485a6e64fa976ac70a90b5c3e5fd2f0ba13f4b650fc53f2f8224e6c5b2274d8b7dc5dbd9ab377a8ea3', 0, 1800000000000, 'own', 1800000000000, NULL, NULL);
INSERT INTO identifier VALUES ('anna', 'login', '\x01a21f5d0bb57df285beebb78cca5ff5', '\x01a3185c5000751ebc7ac8a9663f3925', 'anna', 1800000000000, 1, NULL, 1800000000000, 0);
INSERT INTO installation_mark VALUES ('master_key_check', 'AUO_G0htlLNed2Xz_1S7Y_7hYDKdgQphZk39bl8CiVMDYMQccg');
INSERT INTO installation_mark VALUES ('installation_id', '01a21f5d-0bb5-7a33-80a2-bd2e8fdcec51');
INSERT INTO person VALUES ('\x01a3185c5000747bb4273f0e681ae014', '\x01a21f5d0bb57df285beebb78cca5ff5', 'Anna', 'Kowalska');
INSERT INTO schema_migration VALUES (1, 1795822521269, 4, 1);
INSERT INTO schema_migration VALUES (2, 1795822521298, 4, 2);
INSERT INTO schema_migration VALUES (3, 1795822521316, 4, 1);
INSERT INTO schema_migration VALUES (4, 1795822521332, 4, 1);
INSERT INTO tenant VALUES ('\x01a21f5d0bb57df285beebb78cca5ff5', 'Chancery', '{}');
ALTER TABLE ONLY account_certificate
    ADD CONSTRAINT account_certificate_pkey PRIMARY KEY (fingerprint);
ALTER TABLE ONLY account_context
    ADD CONSTRAINT account_context_pkey PRIMARY KEY (account_id, context_id);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY acting_context
    ADD CONSTRAINT acting_context_pkey PRIMARY KEY (id);
ALTER TABLE ONLY acting_context
    ADD CONSTRAINT acting_context_tenant_id_key_key UNIQUE (tenant_id, key);
ALTER TABLE ONLY address_verification
    ADD CONSTRAINT address_verification_pkey PRIMARY KEY (account_id, type);
ALTER TABLE ONLY audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (id);
ALTER TABLE ONLY client
    ADD CONSTRAINT client_client_id_key UNIQUE (client_id);
ALTER TABLE ONLY client
    ADD CONSTRAINT client_pkey PRIMARY KEY (id);
ALTER TABLE ONLY credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (id);
ALTER TABLE ONLY device
    ADD CONSTRAINT device_pkey PRIMARY KEY (id);
ALTER TABLE ONLY failure_count
    ADD CONSTRAINT failure_count_pkey PRIMARY KEY (key_hash);
ALTER TABLE ONLY grant_family
    ADD CONSTRAINT grant_family_pkey PRIMARY KEY (id);
ALTER TABLE ONLY group_
    ADD CONSTRAINT group__pkey PRIMARY KEY (id);
ALTER TABLE ONLY group_
    ADD CONSTRAINT group__tenant_id_name_key UNIQUE (tenant_id, name);
ALTER TABLE ONLY group_member
    ADD CONSTRAINT group_member_pkey PRIMARY KEY (account_id, group_id);
ALTER TABLE ONLY identifier
    ADD CONSTRAINT identifier_pkey PRIMARY KEY (canonical, type);
ALTER TABLE ONLY installation_mark
    ADD CONSTRAINT installation_mark_pkey PRIMARY KEY (name);
ALTER TABLE ONLY login_statistics
    ADD CONSTRAINT login_statistics_pkey PRIMARY KEY (account_id, realm);
ALTER TABLE ONLY network_bucket
    ADD CONSTRAINT network_bucket_pkey PRIMARY KEY (key_hash);
ALTER TABLE ONLY one_time_token
    ADD CONSTRAINT one_time_token_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY password_history
    ADD CONSTRAINT password_history_pkey PRIMARY KEY (account_id, digest);
ALTER TABLE ONLY person_identifier
    ADD CONSTRAINT person_identifier_pkey PRIMARY KEY (canonical, type);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);
ALTER TABLE ONLY policy_binding
    ADD CONSTRAINT policy_binding_pkey PRIMARY KEY (scope, scope_id, policy_id);
ALTER TABLE ONLY policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY policy
    ADD CONSTRAINT policy_tenant_id_kind_name_key UNIQUE (tenant_id, kind, name);
ALTER TABLE ONLY schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (step);
ALTER TABLE ONLY session_client
    ADD CONSTRAINT session_client_pkey PRIMARY KEY (session_id, client_id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);
ALTER TABLE ONLY signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);
ALTER TABLE ONLY tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY throttle
    ADD CONSTRAINT throttle_pkey PRIMARY KEY (key_hash);
CREATE INDEX account_certificate_of_account ON account_certificate USING btree (account_id);
CREATE INDEX account_context_of_context ON account_context USING btree (context_id);
CREATE INDEX account_of_main ON account USING btree (main_account_id);
CREATE UNIQUE INDEX account_of_person ON account USING btree (person_id, kind) WHERE (person_id IS NOT NULL);
CREATE INDEX credential_of_account ON credential USING btree (account_id);
CREATE UNIQUE INDEX credential_password ON credential USING btree (account_id) WHERE (type = 'password'::text);
CREATE INDEX device_by_use ON device USING btree (last_seen);
CREATE INDEX device_of_account ON device USING btree (account_id, last_seen);
CREATE INDEX failure_count_by_time ON failure_count USING btree (last_at);
CREATE INDEX failure_count_of_account ON failure_count USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX grant_family_by_end ON grant_family USING btree (expires_at);
CREATE INDEX grant_family_of_account ON grant_family USING btree (account_id);
CREATE INDEX grant_family_of_session ON grant_family USING btree (session_id);
CREATE INDEX group_member_of_group ON group_member USING btree (group_id);
CREATE INDEX identifier_of_account ON identifier USING btree (account_id);
CREATE INDEX one_time_token_by_end ON one_time_token USING btree (expires_at);
CREATE INDEX one_time_token_of_account ON one_time_token USING btree (account_id, purpose);
CREATE INDEX outbox_due ON outbox USING btree (next_at) WHERE (state = 'pending'::text);
CREATE UNIQUE INDEX person_identifier_of_person ON person_identifier USING btree (person_id, type);
CREATE INDEX session_by_end ON session USING btree (ends_at);
CREATE UNIQUE INDEX session_client_by_sid ON session_client USING btree (sid, client_id);
CREATE INDEX session_of_account ON session USING btree (account_id);
ALTER TABLE ONLY account_certificate
    ADD CONSTRAINT account_certificate_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY account_context
    ADD CONSTRAINT account_context_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY account_context
    ADD CONSTRAINT account_context_context_id_fkey FOREIGN KEY (context_id) REFERENCES acting_context(id);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_main_account_id_fkey FOREIGN KEY (main_account_id) REFERENCES account(id);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY acting_context
    ADD CONSTRAINT acting_context_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY address_verification
    ADD CONSTRAINT address_verification_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY client
    ADD CONSTRAINT client_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY credential
    ADD CONSTRAINT credential_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY device
    ADD CONSTRAINT device_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY failure_count
    ADD CONSTRAINT failure_count_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY grant_family
    ADD CONSTRAINT grant_family_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY grant_family
    ADD CONSTRAINT grant_family_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(id);
ALTER TABLE ONLY group_
    ADD CONSTRAINT group__tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY group_member
    ADD CONSTRAINT group_member_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY group_member
    ADD CONSTRAINT group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES group_(id);
ALTER TABLE ONLY identifier
    ADD CONSTRAINT identifier_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY login_statistics
    ADD CONSTRAINT login_statistics_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY one_time_token
    ADD CONSTRAINT one_time_token_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY password_history
    ADD CONSTRAINT password_history_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY person_identifier
    ADD CONSTRAINT person_identifier_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id);
ALTER TABLE ONLY person
    ADD CONSTRAINT person_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY policy_binding
    ADD CONSTRAINT policy_binding_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES policy(id);
ALTER TABLE ONLY policy
    ADD CONSTRAINT policy_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
ALTER TABLE ONLY session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY session_client
    ADD CONSTRAINT session_client_client_id_fkey FOREIGN KEY (client_id) REFERENCES client(id);
ALTER TABLE ONLY session_client
    ADD CONSTRAINT session_client_session_id_fkey FOREIGN KEY (session_id) REFERENCES session(id) ON UPDATE CASCADE ON DELETE CASCADE;
