using System.Net;
using System.Text.Json.Nodes;
using MassTransit;
using Npgsql;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Courses.Catalogue;
using Platform.ServiceDefaults.Web;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Platform.Courses.Tests.SharedCoursesApp))]

namespace Platform.Courses.Tests;

/// <summary>
/// One host for all classes that take it, which run side by side. Their tests use their own learners and courses: a class that moves the
/// clock, changes settings, allows errors, or looks at all rows has an <see cref="IClassFixture{TFixture}"/> of its own.
/// </summary>
public sealed class SharedCoursesApp : CoursesApp;

/// <summary>The courses service with learners, an admin and helpers that create courses.</summary>
public class CoursesApp() : ServiceApp<Program>("courses")
{
    public static readonly StaffId AdminId = new(3);

    private static long _lastId = 1_000;

    private readonly HandledMessages _handled = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public HttpClient TheAdmin => Admin(AdminId);

    public static UserId NewUserId() => new(Interlocked.Increment(ref _lastId));

    /// <summary>A word that nothing else in the catalogue contains.</summary>
    public static string NewWord() => $"слово{Interlocked.Increment(ref _lastId)}";

    /// <summary>A client with a guest token.</summary>
    public HttpClient Visitor() => Guest(new TelegramId(Interlocked.Increment(ref _lastId)));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Services.GetRequiredService<IBus>().ConnectReceiveObserver(_handled);
    }

    /// <summary>Publishes an event and waits until the service has handled it, even when it changes nothing.</summary>
    /// <param name="messageId">Pass the same id twice for a redelivery.</param>
    public async Task Deliver<TEvent>(TEvent happened, Guid? messageId = null) where TEvent : class
    {
        var id = messageId ?? Guid.CreateVersion7();
        var due = _handled.CountOf(id) + 1;
        await Broker.Publish(happened, Ct, id);
        await Eventually.IsTrue(() => Task.FromResult(_handled.CountOf(id) >= due), Ct);
    }

    /// <summary>Delivers a registration.</summary>
    public async Task<UserId> GivenLearner(string fullName = "Анна Петрова", string? city = "Казань", TelegramId? telegramId = null)
    {
        var learner = NewUserId();
        await Deliver(Registered(learner, fullName, city, telegramId));
        return learner;
    }

    public UserRegistered Registered(UserId user, string fullName = "Анна Петрова", string? city = "Казань", TelegramId? telegramId = null,
        long version = 1) => new()
    {
        UserId = user,
        TelegramId = telegramId,
        FullName = fullName,
        Language = "ru",
        City = city,
        PhoneVerified = true,
        PhoneSeenBefore = false,
        RegisteredAt = Clock.GetUtcNow(),
        Version = version,
    };

    public UserErased Erased(UserId user, long version = 2) => new() { UserId = user, ErasedAt = Clock.GetUtcNow(), Version = version };

    public Task<bool> IsErased(UserId user) =>
        Database.Scalar<bool>("select exists (select from courses.learners where user_id = $1 and erased)", Ct, user.Value);

    /// <summary>Creates a course, free by default.</summary>
    /// <param name="lessons">Number of lessons; the first is free.</param>
    public async Task<CourseId> GivenCourse(CourseContent? content = null, int lessons = 0)
    {
        var made = await Post(TheAdmin, "/api/courses", content ?? Content());
        made.Status.ShouldBe(HttpStatusCode.Created, made.Body);
        var course = new CourseId((long)made.Json("id")!);
        for (var number = 1; number <= lessons; number++)
        {
            await GivenLesson(course, $"Урок {number}", isFree: number == 1);
        }

        return course;
    }

    public static CourseContent Content(
        string title = "Маникюр с нуля", decimal price = 0, string category = "manicure", bool isTop = false, bool isActive = true, int? accessDays = null,
        string description = "Покрытие гель-лаком") =>
        new(title, description, category, Price: new Money(price), IsTop: isTop, AccessDays: accessDays, IsActive: isActive);

    public async Task<LessonId> GivenLesson(CourseId course, string title = "Урок", bool isFree = false)
    {
        var added = await Post(TheAdmin, $"/api/courses/{course}/lessons", new
        {
            title,
            description = "Что нужно знать",
            videoUrl = "https://media.example.com/1.mp4",
            videoDuration = 600,
            pdfUrl = "https://media.example.com/1.pdf",
            isFree,
        });
        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
        return new LessonId((long)added.Json("id")!);
    }

    /// <returns>The ids of a course's lessons, in order.</returns>
    public Task<IReadOnlyList<long>> LessonsOf(CourseId course) =>
        Database.Column<long>("select id from courses.lessons where course_id = $1 order by \"order\"", Ct, course.Value);

    public async Task GivenEnrolled(UserId learner, CourseId course)
    {
        var enrolled = await Enrol(learner, course);
        enrolled.Status.ShouldBe(HttpStatusCode.Created, enrolled.Body);
    }

    /// <summary>Access as a payment would give it.</summary>
    public Task GivenAccess(UserId learner, CourseId course, DateTimeOffset? endedAt = null) => Database.Execute(
        "insert into courses.user_courses (user_id, course_id, source, purchased_at, ended_at) values ($1, $2, 'payment', $3, $4)",
        Ct, learner.Value, course.Value, Clock.GetUtcNow().AddDays(-1), endedAt is { } at ? at : DBNull.Value);

    /// <summary>Marks a lesson as completed.</summary>
    public Task GivenCompleted(UserId learner, LessonId lesson) => Database.Execute(
        "insert into courses.user_progress (user_id, lesson_id, completed, completed_at, watch_time) values ($1, $2, true, $3, 600)",
        Ct, learner.Value, lesson.Value, Clock.GetUtcNow());

    /// <summary>Waits until the tokens of a blocked or erased person are refused.</summary>
    public Task Refused(HttpClient client) =>
        Eventually.IsTrue(async () => (await Get(client, "/api/courses/categories")).Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, Ct);

    public Task<Answer> Enrol(UserId learner, CourseId course, string? key = null) => Post(Client(learner), $"/api/courses/{course}/enrol", body: null, key);

    public async Task<IReadOnlyList<JsonNode>> Mine(UserId learner) => await AllOf(Client(learner), "/api/courses/mine?limit=100");

    /// <summary>The items of all pages.</summary>
    /// <param name="firstPage">Address of the first page, with a query.</param>
    public async Task<IReadOnlyList<JsonNode>> AllOf(HttpClient client, string firstPage) => [.. (await Pages(client, firstPage)).SelectMany(page => page)];

    public static async Task<IReadOnlyList<IReadOnlyList<JsonNode>>> Pages(HttpClient client, string firstPage)
    {
        var pages = new List<IReadOnlyList<JsonNode>>();
        for (var address = firstPage; address is not null;)
        {
            var answer = await Get(client, address);
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
            var page = JsonNode.Parse(answer.Body)!;
            pages.Add([.. page["items"]!.AsArray().Select(item => item!)]);
            address = page["next"] is { } next ? $"{firstPage}&after={next}" : null;
        }

        return pages;
    }

    /// <summary>Runs SQL in a transaction that is not committed yet, like one of another replica.</summary>
    public async Task<Underway> Begin(string sql)
    {
        var connection = await Database.Open(Database.Superuser).OpenConnectionAsync(Ct);
        var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
        return new Underway(connection, transaction);
    }

    /// <summary>Waits until the service is blocked by a lock.</summary>
    public Task WaitForLock() => Eventually.IsTrue(
        () => Database.Scalar<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and usename = 'courses' and wait_event_type = 'Lock')", Ct), Ct);

    /// <returns>The outcome of a verb on this database.</returns>
    public Task<ProcessOutcome> Run(params string[] words) => Run(Database, words);

    public Task<ProcessOutcome> Run(TestDatabase database, params string[] words) => ServiceProcess.Run(
        Repository.Program("Courses"),
        words,
        [
            new("ConnectionStrings:owner", database.Owner(Service)),
            new("ConnectionStrings:database", database.Service(Service)),
            new("ConnectionStrings:rabbitmq", Broker.Address.ToString()),
        ],
        TimeSpan.FromMinutes(2));

    /// <returns>The audited details of an action on a target, as JSON.</returns>
    public Task<IReadOnlyList<string>> Audited(string action, string target) => Database.Column<string>(
        "select details::text from courses.audit where action = $1 and target = $2 and subject = $3 and role = 'admin' order by id", Ct, action,
        target, $"staff:{AdminId}");

    public static Task<Answer> Get(HttpClient client, string address) => Send(client, HttpMethod.Get, address, body: null);

    public static Task<Answer> Put(HttpClient client, string address, object body) => Send(client, HttpMethod.Put, address, body);

    public static Task<Answer> Post(HttpClient client, string address, object? body, string? key = null) => Send(client, HttpMethod.Post, address, body, key);

    private static async Task<Answer> Send(HttpClient client, HttpMethod method, string address, object? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add(Idempotency.Header, key);
        }

        using var response = await client.SendAsync(request, Ct);
        return await Answer.Of(response, Ct);
    }

    public sealed class Underway(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public Task Commit() => transaction.CommitAsync(Ct);

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
