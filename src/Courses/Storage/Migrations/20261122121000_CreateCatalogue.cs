using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Courses.Storage.Migrations;

/// <summary>Categories with the seven that there are from the start, courses, and their lessons.</summary>
[DbContext(typeof(CoursesDb))]
[Migration("20261122121000_CreateCatalogue")]
internal sealed class CreateCatalogue : SqlMigration
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
            -- Each word as it stands, to be found while it is typed, and by its stem, to be found in any form.
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
            -- Deferrable: looked at when a statement has ended, so that one can put all lessons into another order.
            constraint ix_lessons_course_order unique (course_id, "order") deferrable
        );
        """;

    protected override string DownSql => "drop table lessons; drop table courses; drop table categories;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("lessons"),
        Dropped.Fact("courses"),
        Dropped.Derived("categories", "the way up fills it"),
    ];

    protected override string VerifySql => """
        select (select count(*) from categories) = 7
            and to_regclass('ix_courses_search') is not null and to_regclass('ix_lessons_course_order') is not null
        """;
}
