using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Platform.Courses.Storage;

namespace Platform.Courses.Tests.Storage;

/// <summary>Explains the statements that the service sends, on tables with many rows.</summary>
public sealed class QueryPlansTests(QueryPlansTests.FilledApp app) : IClassFixture<QueryPlansTests.FilledApp>
{
    /// <summary>The user whose plans are explained; has ten courses, like everyone else.</summary>
    private static readonly Platform.Contracts.UserId Learner = new(10_777);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/courses")]
    [InlineData("/api/courses?limit=100")]
    [InlineData("/api/courses?after=0-2500")]
    [InlineData("/api/courses?top=true")]
    [InlineData("/api/courses?top=true&after=1-2500")]
    [InlineData("/api/courses?category=pedicure")]
    [InlineData("/api/courses?category=pedicure&after=0-2500&limit=100")]
    [InlineData("/api/courses?category=pedicure&top=true")]
    [InlineData("/api/courses?query=редкость")]
    [InlineData("/api/courses?query=ред")]
    [InlineData("/api/courses?query=курс")]
    [InlineData("/api/courses?category=pedicure&query=редкость")]
    [InlineData("/api/courses/17")]
    [InlineData("/api/lessons/17")]
    [InlineData("/api/courses/mine")]
    [InlineData("/api/courses/mine?limit=3&after=100000")]
    [InlineData("/api/courses/export")]
    public async Task No_large_table_is_scanned_sequentially(string address)
    {
        var plans = await PlansOf(address);

        plans.SelectMany(ScansOf).Where(scan => scan.Contains("Seq Scan", StringComparison.Ordinal)).ShouldBeEmpty(string.Join('\n', plans));
        plans.SelectMany(ScansOf).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("/api/courses/mine")]
    [InlineData("/api/courses/17")]
    [InlineData("/api/lessons/17")]
    [InlineData("/api/courses/export")]
    public async Task Progress_is_read_from_the_learners_own_partition(string address)
    {
        var partitions = (await PlansOf(address)).SelectMany(ScansOf).Where(scan => scan.Contains("user_progress_", StringComparison.Ordinal))
            .Select(scan => scan.Split(' ')[^1]).Distinct().ToList();

        partitions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_page_of_my_courses_takes_one_statement() => (await StatementsOf("/api/courses/mine")).ShouldHaveSingleItem();

    [Fact]
    public async Task A_page_of_the_catalogue_reads_only_the_rows_it_shows()
    {
        var plan = (await PlansOf("/api/courses?category=pedicure&after=0-2500&limit=20")).ShouldHaveSingleItem();

        // 20 rows and one more to detect the next page, in index order without a sort.
        plan.ToJsonString().ShouldNotContain("\"Sort\"");
        NodesOf(plan).Where(node => (string?)node["Relation Name"] == "courses").Sum(node => (long)node["Actual Rows"]!).ShouldBe(21);
    }

    private async Task<IReadOnlyList<JsonNode>> PlansOf(string address)
    {
        var plans = new List<JsonNode>();
        foreach (var statement in await StatementsOf(address))
        {
            plans.Add(await app.Explain(statement, Ct));
        }

        return plans;
    }

    private async Task<IReadOnlyList<Statement>> StatementsOf(string address)
    {
        app.Sent.Clear();
        var answer = await CoursesApp.Get(app.Client(Learner), address);
        answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Forbidden);
        return [.. app.Sent];
    }

    private static IEnumerable<string> ScansOf(JsonNode plan) =>
        from node in NodesOf(plan)
        where (string?)node["Relation Name"] is not null and not "categories"
        select $"{node["Node Type"]} on {node["Relation Name"]}";

    private static IEnumerable<JsonNode> NodesOf(JsonNode plan) =>
        (plan["Plans"]?.AsArray() ?? []).SelectMany(child => NodesOf(child!)).Prepend(plan);

    public sealed record Statement(string Text, IReadOnlyList<NpgsqlParameter> Parameters);

    /// <summary>5 000 courses of five lessons; 20 000 learners with ten courses each and a completed lesson in each.</summary>
    public sealed class FilledApp : CoursesApp
    {
        private readonly Recorder _recorder = new();

        public ConcurrentQueue<Statement> Sent => _recorder.Sent;

        protected override void Replace(IServiceCollection services) =>
            services.ConfigureDbContext<CoursesDb>(options => options.AddInterceptors(_recorder));

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Database.Execute(
                """
                insert into courses.courses (title, description, category, is_top, price, is_active, created_at, updated_at)
                select case when n % 1000 = 0 then 'Редкость ' else 'Курс ' end || n, 'Описание курса', (array['manicure', 'pedicure', 'eyelashes', 'podology', 'eyebrows'])[n % 5 + 1],
                    n % 50 = 0, 100, n % 10 > 0 or n % 50 = 0, '2026-01-01Z', '2026-01-01Z'
                from generate_series(1, 5000) n;

                insert into courses.lessons (course_id, title, "order", created_at)
                select c.id, 'Урок ' || n, n, '2026-01-01Z' from courses.courses c, generate_series(1, 5) n;

                insert into courses.user_courses (user_id, course_id, source, purchased_at)
                select u, (u * 10 + n) % 5000 + 1, 'free', '2026-01-01Z' from generate_series(1, 20000) u, generate_series(0, 9) n;

                insert into courses.user_progress (user_id, lesson_id, completed, completed_at)
                select user_id, course_id * 5, true, '2026-01-02Z' from courses.user_courses;

                analyze courses.courses, courses.lessons, courses.user_courses, courses.user_progress;
                """, Ct);
        }

        /// <summary>Runs as the service's own role with the values that the service sent.</summary>
        public async Task<JsonNode> Explain(Statement statement, CancellationToken ct)
        {
            await using var connection = await Database.Open(Database.Service(Service)).OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand($"explain (analyze, format json) {statement.Text}", connection);
            foreach (var parameter in statement.Parameters)
            {
                command.Parameters.Add(parameter.Clone());
            }

            return JsonNode.Parse((string)(await command.ExecuteScalarAsync(ct))!)![0]!["Plan"]!;
        }
    }

    /// <summary>Records the statements that the service sends.</summary>
    private sealed class Recorder : DbCommandInterceptor
    {
        public ConcurrentQueue<Statement> Sent { get; } = new();

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Sent.Enqueue(new Statement(command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(parameter => parameter.Clone())]));
            return ValueTask.FromResult(result);
        }
    }
}
