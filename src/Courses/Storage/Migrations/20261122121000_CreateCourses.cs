using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Courses.Storage.Migrations;

/// <summary>The seven categories, courses and their lessons; learners, their access to courses, and their progress.</summary>
[DbContext(typeof(CoursesDb))]
[Migration("20261122121000_CreateCourses")]
internal sealed class CreateCourses : SqlMigration
{
    protected override string UpSql => """
        create table categories (
            slug varchar(100) primary key constraint ck_categories_slug check (slug ~ '^[a-z][a-z0-9-]*$'),
            title_ru varchar(255) not null constraint ck_categories_title_ru check (title_ru <> ''),
            title_en varchar(255) not null constraint ck_categories_title_en check (title_en <> ''),
            "order" int not null constraint ck_categories_order check ("order" > 0),
            constraint ix_categories_order unique ("order") deferrable
        );
        insert into categories (slug, title_ru, title_en, "order") values
            ('manicure', 'Маникюр', 'Manicure', 1),
            ('pedicure', 'Педикюр', 'Pedicure', 2),
            ('eyelashes', 'Ресницы', 'Eyelashes', 3),
            ('podology', 'Подология', 'Podology', 4),
            ('eyebrows', 'Брови', 'Eyebrows', 5),
            ('marketing', 'Реклама/маркетинг', 'Advertising and marketing', 6),
            ('business', 'Своё дело', 'Own business', 7);

        create table courses (
            id bigint generated always as identity primary key,
            title varchar(255) not null constraint ck_courses_title check (title <> ''),
            description text not null,
            full_description text,
            category varchar(100) not null references categories (slug),
            cover_image_url text,
            is_top boolean not null default false,
            price numeric(10, 2) not null default 0 constraint ck_courses_price check (price >= 0),
            duration_hours int constraint ck_courses_duration_hours check (duration_hours > 0),
            access_days int constraint ck_courses_access_days check (access_days > 0),
            is_active boolean not null default true,
            version bigint not null default 1,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            -- Each word as written, for search while typing, and by its stem, for search in any form.
            search tsvector not null generated always as (
                to_tsvector('russian', translate(title || ' ' || description, 'ёЁ', 'еЕ'))
                || to_tsvector('simple', translate(title || ' ' || description, 'ёЁ', 'еЕ'))) stored
        );
        -- The catalogue's order, read backwards: courses of the month first, then the newest.
        create index ix_courses_listed on courses (is_top, id) where is_active;
        create index ix_courses_category on courses (category, is_top, id) where is_active;
        create index ix_courses_search on courses using gin (search) where is_active;

        create table lessons (
            id bigint generated always as identity primary key,
            course_id bigint not null references courses (id),
            title varchar(255) not null constraint ck_lessons_title check (title <> ''),
            description text,
            "order" int not null constraint ck_lessons_order check ("order" > 0),
            video_url text,
            video_duration int constraint ck_lessons_video_duration check (video_duration > 0),
            pdf_url text,
            is_free boolean not null default false,
            created_at timestamptz not null,
            -- Deferrable: checked at the end of a statement, so that one statement can reorder all lessons.
            constraint ix_lessons_course_order unique (course_id, "order") deferrable
        );

        create table learners (
            user_id bigint primary key,
            telegram_id bigint,
            full_name varchar(255) not null,
            city varchar(100),
            version bigint not null,
            erased boolean not null default false,
            constraint ck_learners_erased check (not erased or (full_name = '' and telegram_id is null and city is null))
        );

        -- No reference to learners: someone who has just registered may enrol before the event about them arrives.
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

        -- Partitioned by learner: the progress of one is in one partition, and the same key can spread it over machines later.
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

    protected override string DownSql => """
        drop table user_progress;
        drop table user_courses;
        drop table learners;
        drop table lessons;
        drop table courses;
        drop table categories;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("user_progress"),
        Dropped.Fact("user_courses"),
        Dropped.Fact("learners", where: "erased"),
        Dropped.Fact("lessons"),
        Dropped.Fact("courses"),
        Dropped.Derived("categories", "the migration fills it"),
    ];

    protected override string VerifySql => """
        select (select count(*) from categories) = 7
            and to_regclass('ix_courses_search') is not null and to_regclass('ix_lessons_course_order') is not null
            and to_regclass('ix_user_courses_live') is not null
            and (select count(*) from pg_inherits where inhparent = 'user_progress'::regclass) = 16
        """;
}
