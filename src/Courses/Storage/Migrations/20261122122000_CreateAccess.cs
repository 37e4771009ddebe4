using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Courses.Storage.Migrations;

/// <summary>Learners, what they have access to, and how far they have come.</summary>
[DbContext(typeof(CoursesDb))]
[Migration("20261122122000_CreateAccess")]
internal sealed class CreateAccess : SqlMigration
{
    protected override string UpSql => """
        create table learners (
            user_id bigint primary key,
            telegram_id bigint,
            full_name varchar(255) not null,
            city varchar(100),
            version bigint not null,
            erased boolean not null default false,
            constraint ck_learners_erased check (not erased or (full_name = '' and telegram_id is null and city is null))
        );

        -- No reference to learners: who has just registered may enrol before the event that tells of him.
        create table user_courses (
            id bigint generated always as identity primary key,
            user_id bigint not null,
            course_id bigint not null references courses (id),
            source text not null constraint ck_user_courses_source check (source in ('payment', 'free', 'gift', 'admin')),
            purchased_at timestamptz not null,
            expires_at timestamptz constraint ck_user_courses_expires_at check (expires_at > purchased_at),
            ended_at timestamptz constraint ck_user_courses_ended_at check (ended_at >= purchased_at),
            completed_at timestamptz,
            is_completed boolean not null default false,
            constraint ck_user_courses_completed check (is_completed = (completed_at is not null))
        );
        create unique index ix_user_courses_live on user_courses (user_id, course_id) where ended_at is null;
        -- The periods of one person, by course, the latest first.
        create index ix_user_courses_user on user_courses (user_id, course_id, id desc);

        -- Partitioned by learner: his progress lies in one partition, and the same key spreads it over machines later.
        create table user_progress (
            user_id bigint not null,
            id bigint generated always as identity,
            lesson_id bigint not null references lessons (id),
            completed boolean not null default false,
            completed_at timestamptz,
            watch_time int not null default 0 constraint ck_user_progress_watch_time check (watch_time >= 0),
            primary key (user_id, id),
            constraint ix_user_progress_lesson unique (user_id, lesson_id),
            constraint ck_user_progress_completed check (completed = (completed_at is not null))
        ) partition by hash (user_id);

        do $$
        begin
            for i in 0..15 loop
                execute format('create table user_progress_%s partition of user_progress for values with (modulus 16, remainder %s)', lpad(i::text, 2, '0'), i);
            end loop;
        end $$;
        """;

    protected override string DownSql => "drop table user_progress; drop table user_courses; drop table learners;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("user_progress"),
        Dropped.Fact("user_courses"),
        Dropped.Fact("learners", where: "erased"),
    ];

    protected override string VerifySql => """
        select to_regclass('ix_user_courses_live') is not null
            and (select count(*) from pg_inherits where inhparent = 'user_progress'::regclass) = 16
        """;
}
