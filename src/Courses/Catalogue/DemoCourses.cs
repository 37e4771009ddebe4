using Microsoft.EntityFrameworkCore;
using Platform.Contracts;
using Platform.Courses.Storage;
using Platform.Messaging;

namespace Platform.Courses.Catalogue;

/// <summary>A beauty school's catalogue, the same each time, with ids far above real ones. Existing rows, even changed ones, are left alone.</summary>
internal static class DemoCourses
{
    public const long FirstId = 900_001;
    public const long FirstLessonId = 900_001;

    private const string Media = "https://media.example.com/beauty";

    private static readonly Demo[] All =
    [
        new(
            "manicure-start",
            new CourseContent(
                "Маникюр с нуля", "Комбинированный маникюр и покрытие гель-лаком: от выбора инструмента до первого клиента.", "manicure",
                "Курс для тех, кто никогда не держал в руках аппарат. Каждую неделю — теория, показ на модели и домашнее задание на своей руке.",
                Price: new Money(4900), IsTop: true, DurationHours: 24, AccessDays: 180),
            [
                new("Инструменты и стерилизация", 780), new("Строение ногтя и кожи", 900), new("Аппарат и фрезы", 1140), new("Обработка кутикулы", 1560),
                new("Выравнивание базой", 1320), new("Покрытие под кутикулу", 1500), new("Снятие и ремонт", 960), new("Работа с первым клиентом", 840),
            ]),
        new(
            "pedicure-smart",
            new CourseContent(
                "Смарт-педикюр", "Аппаратный педикюр дисками: быстро, чисто и без воды.", "pedicure",
                "Разбираем диски, зернистость и порядок обработки стопы, безопасность и уход, который клиент продолжит дома.",
                Price: new Money(3900), DurationHours: 16, AccessDays: 180),
            [
                new("Чем смарт-педикюр отличается от классического", 660), new("Диски и насадки", 900), new("Подготовка стопы", 1080),
                new("Обработка стопы", 1620), new("Пальцы и ногти", 1380), new("Домашний уход", 540),
            ]),
        new(
            "lashes-classic",
            new CourseContent(
                "Наращивание ресниц: классика", "Постановка рук, изоляция, чистая носка три недели и дольше.", "eyelashes",
                "Классическое наращивание 1D и 2D, подбор изгиба под форму глаза, коррекция и снятие.",
                Price: new Money(5500), IsTop: true, DurationHours: 20, AccessDays: 365),
            [
                new("Материалы и рабочее место", 720), new("Клей: влажность и температура", 840), new("Изоляция нижних ресниц", 960),
                new("Техника приклеивания", 1680),
                new("Изгибы и моделирование взгляда", 1260), new("Коррекция и снятие", 900),
            ]),
        new(
            "podology-basics",
            new CourseContent(
                "Подология для мастера педикюра", "Что мастер видит первым: трещины, мозоли, вросший ноготь — и когда направить к врачу.", "podology",
                "Границы того, что делает мастер, обработка проблемной стопы, тейпирование и титановая нить.",
                Price: new Money(6900), DurationHours: 30, AccessDays: 365),
            [
                new("Осмотр стопы и анкета клиента", 960), new("Трещины и натоптыши", 1200), new("Вросший ноготь: что можно и чего нельзя", 1440),
                new("Тейпирование", 1080), new("Титановая нить", 1500), new("Когда направить к врачу", 600),
            ]),
        new(
            "brows-architecture",
            new CourseContent(
                "Архитектура бровей", "Форма по лицу, окрашивание краской и хной, долговременная укладка.", "eyebrows",
                "Разметка нитью, подбор оттенка под волосы и кожу, коррекция воском и пинцетом, укладка без пересушивания.",
                Price: new Money(3500), DurationHours: 12, AccessDays: 180),
            [
                new("Типы лица и разметка", 900), new("Коррекция воском и пинцетом", 1020), new("Краска и хна", 1260), new("Долговременная укладка", 1140),
                new("Ошибки и как их исправить", 780),
            ]),
        new(
            "first-clients",
            new CourseContent(
                "Первые 20 клиентов", "Как мастеру заполнить запись за месяц без вложений в рекламу.", "marketing",
                "Профиль, фото работ, отзывы и запись без пропусков: бесплатный курс для тех, кто уже умеет и ещё не занят.",
                DurationHours: 6),
            [
                new("Профиль, который читают", 600), new("Фото работ на телефон", 720), new("Отзывы и рекомендации", 540), new("Запись без пропусков", 660),
                new("Сколько стоит ваша работа", 780),
            ]),
    ];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<CoursesDb>();
        var outbox = services.GetRequiredService<Outbox>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (added, lessonId) = (0L, FirstLessonId);
        foreach (var (index, demo) in All.Index())
        {
            if (await AddCourse(db, FirstId + index, demo, now, ct) is { } course)
            {
                outbox.Add(course.ToPricedEvent());
                added += 1 + await AddLessons(db, course.Id, lessonId, demo, now, ct);
            }

            lessonId += demo.Lessons.Count;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return added;
    }

    /// <returns>Null when it already exists.</returns>
    private static async Task<Course?> AddCourse(CoursesDb db, long id, Demo demo, DateTimeOffset now, CancellationToken ct)
    {
        var (content, cover) = (demo.Content, $"{Media}/{demo.Folder}/cover.jpg");
        var added = await db.Returning<Course>($"""
            insert into courses (
                id, title, description, full_description, category, cover_image_url, is_top, price, duration_hours, access_days, is_active, created_at, updated_at)
            overriding system value
            values (
                {id}, {content.Title}, {content.Description}, {content.FullDescription}, {content.Category}, {cover}, {content.IsTop}, {content.Price?.Roubles ?? 0},
                {content.DurationHours}, {content.AccessDays}, true, {now}, {now})
            on conflict (id) do nothing
            """).AsNoTracking().ToListAsync(ct);
        return added is [var course] ? course : null;
    }

    private static Task<int> AddLessons(CoursesDb db, CourseId course, long firstId, Demo demo, DateTimeOffset now, CancellationToken ct)
    {
        var titles = demo.Lessons.Select(lesson => lesson.Title).ToArray();
        var durations = demo.Lessons.Select(lesson => lesson.VideoDuration).ToArray();
        var folder = $"{Media}/{demo.Folder}";
        // The first lesson of each course is free.
        return db.Database.ExecuteSqlAsync($"""
            insert into lessons (id, course_id, title, "order", video_url, video_duration, pdf_url, is_free, created_at)
            overriding system value
            select {firstId} + position - 1, {course.Value}, title, position, {folder} || '/' || position || '.mp4', duration, {folder} || '/' || position || '.pdf',
                position = 1, {now}
            from unnest({titles}, {durations}) with ordinality as lesson (title, duration, position)
            on conflict (id) do nothing
            """, ct);
    }

    /// <param name="Folder">Folder of its media.</param>
    private sealed record Demo(string Folder, CourseContent Content, IReadOnlyList<DemoLesson> Lessons);

    /// <param name="VideoDuration">Seconds.</param>
    private sealed record DemoLesson(string Title, int VideoDuration);
}
