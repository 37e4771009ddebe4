using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Errors;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

/// <summary>A service whose routes fail in every way.</summary>
public sealed class FaultyService : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TestService _service = null!;

    internal HttpClient Client { get; private set; } = null!;

    public enum Size
    {
        Small,
        ExtraLarge,
    }

    public sealed record Item([StringLength(5)] string Name, [Range(1, 3)] int Count);

    public sealed record Request(
        [StringLength(10, MinimumLength = 2)] string FullName,
        bool Consent,
        Size Size,
        Money Price,
        string? City,
        DateTimeOffset? At,
        UserId? Friend,
        IReadOnlyList<Item>? Items = null,
        [Range(1, 10)] int Limit = 7,
        [OneOf("ru", "en")] string? Language = null,
        [Required, RegularExpression("^[a-z]+$")] string Nick = "nick");

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        _database = await TestDatabase.Create();
        _service = await TestService.Start(_database, app =>
        {
            app.MapPost("/things", Ok<Request> (Request request) => TypedResults.Ok(request)).AllowAnonymous();
            app.MapGet("/things/{userId}", Ok<UserId> (UserId userId, [Range(1, 100)] int limit = 20) => TypedResults.Ok(userId)).AllowAnonymous();
            app.MapGet("/broken", string () => throw new InvalidOperationException("The password is hunter2.")).AllowAnonymous();
            app.MapGet("/refused", () => Problems.For(
                new ErrorCode("code_expired", 410, "Ask again."), new Dictionary<string, object?> { ["maxPoints"] = 5 })).AllowAnonymous();
            app.MapGet("/away", string () => throw new NpgsqlException("down", new TimeoutException())).AllowAnonymous();
            app.MapGet("/empty", () => TypedResults.NotFound()).AllowAnonymous();
            app.MapGet("/slow", async (CancellationToken aborted) => await Task.Delay(Timeout.Infinite, aborted))
                .AllowAnonymous().WithRequestTimeout(TimeSpan.FromMilliseconds(50));
        }, ct);
        Client = _service.Anyone;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }
}

public sealed class ProblemTests(FaultyService service) : IClassFixture<FaultyService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private const string Good = """{"fullName":"Anna","consent":true,"size":"extraLarge","price":10.5}""";

    [Fact]
    public async Task JSON_has_camel_case_names_enums_as_words_money_with_kopecks_and_UTC_times()
    {
        var body = """{"fullName":"Anna","consent":true,"size":"extraLarge","price":10.5,"at":"2026-01-31T12:30:00+03:00","friend":8}""";

        var answer = await Post(body);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Body.ShouldBe("""{"fullName":"Anna","consent":true,"size":"extraLarge","price":10.50,"city":null,"at":"2026-01-31T09:30:00Z","friend":8,"items":null,"limit":7,"language":null,"nick":"nick"}""");
    }

    [Theory]
    // Limits and missing fields, named as in the JSON.
    [InlineData("""{"fullName":"A","consent":true,"size":"small","price":1}""", "validation_failed", "fullName")]
    [InlineData("""{"consent":true,"size":"small","price":1}""", "validation_failed", "fullName")]
    [InlineData("""{"fullName":"Anna","size":"small","price":1}""", "validation_failed", "consent")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"limit":11}""", "validation_failed", "limit")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"items":[{"name":"a","count":1},{"name":"toolong","count":4}]}""",
        "validation_failed", "items[1].name,items[1].count")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"items":[{"name":"a"}]}""", "validation_failed", "items[0].count")]
    // Malformed bodies.
    [InlineData("""{"fullName":null,"consent":true,"size":"small","price":1}""", "body_invalid", "fullName")]
    [InlineData("""{"fullName":"Anna","consent":"yes","size":"small","price":1}""", "body_invalid", "consent")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":1,"price":1}""", "body_invalid", "size")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"huge","price":1}""", "body_invalid", "size")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1.005}""", "body_invalid", "price")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":"1"}""", "body_invalid", "price")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"friend":0}""", "body_invalid", "friend")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"at":"2026-01-31T12:30:00"}""", "body_invalid", "at")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"admin":true}""", "body_invalid", "admin")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"price":2}""", "body_invalid", "price")]
    [InlineData("""{"fullName":"An\u0000na","consent":true,"size":"small","price":1}""", "body_invalid", "fullName")]
    [InlineData("""{"fullName":"An\ud800na","consent":true,"size":"small","price":1}""", "body_invalid", "fullName")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"items":[{"name":"a","count":"x"}]}""", "body_invalid", "items[0].count")]
    [InlineData("""{"fullName":"Anna",""", "body_invalid", "")]
    [InlineData("[1]", "body_invalid", "")]
    [InlineData("null", "body_invalid", "")]
    [InlineData("", "body_invalid", "")]
    public async Task An_invalid_body_is_refused_and_the_fields_are_named(string body, string code, string fields)
    {
        var answer = await Post(body);

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, code);
        var errors = answer.Node()["errors"]!.AsObject();
        errors.Select(error => error.Key).ShouldBe(fields.Split(','));
        errors.ShouldAllBe(error => error.Value!.AsArray().Count > 0);
        answer.Body.ShouldNotContain("System.");
        answer.Body.ShouldNotContain("Platform.");
        answer.Body.ShouldNotContain("LineNumber");
    }

    [Theory]
    [InlineData("""{"fullName":"A","consent":true,"size":"small","price":1}""", "fullName", "Between 2 and 10 characters.", "Длина — от 2 до 10.")]
    [InlineData("""{"consent":true,"size":"small","price":1}""", "fullName", "It is missing.", "Поле не заполнено.")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"limit":11}""", "limit",
        "It must be between 1 and 10.", "Допустимые значения — от 1 до 10.")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"language":"de"}""", "language",
        "It must be one of: ru, en.", "Допустимые значения: ru, en.")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"nick":""}""", "nick", "It is missing or empty.", "Поле не заполнено.")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"nick":"7"}""", "nick", "Invalid format.", "Неверный формат.")]
    [InlineData("""{"fullName":"Anna","consent":true,"size":"small","price":1,"friend":0}""", "friend",
        "It must be a positive whole number.", "Нужно целое положительное число.")]
    [InlineData("""{"fullName":"Anna","consent":"yes","size":"small","price":1}""", "consent",
        "The value has the wrong type.", "Неверный тип значения.")]
    [InlineData("""{"fullName":"Anna",""", "", "Invalid JSON at line 1, byte 19.", "Это не JSON: ошибка в строке 1, байт 19.")]
    public async Task Field_errors_are_explained_in_the_callers_language(string body, string field, string english, string russian)
    {
        foreach (var (languages, text) in new[]
        {
            (null, english), ("en", english), ("de, fr;q=0.5", english), ("en;q=0.3, ru-RU;q=0.9", russian), ("ru", russian),
            ("uz, ru;q=0.5, en;q=0.4", russian),
        })
        {
            var answer = await Post(body, languages);

            answer.Node()["errors"]![field]!.AsArray().Select(message => (string)message!).ShouldBe([text]);
            ((string)answer.Json("detail")!).Contains("errors", StringComparison.Ordinal).ShouldBeTrue();
            ((string)answer.Json("detail")!).Any(letter => letter is >= 'а' and <= 'я').ShouldBe(text == russian);
        }
    }

    [Theory]
    [InlineData("""{"consent":true,"size":"small","price":1,"limit":11,"language":"de"}""", "fullName,limit,language")]
    [InlineData("""{"fullName":"A","size":"small","price":1,"limit":0}""", "consent,fullName,limit")]
    [InlineData("""{"size":"small","price":1,"items":[{"name":"toolong","count":9}]}""", "fullName,consent,items[0].name,items[0].count")]
    public async Task All_field_errors_are_reported_at_once(string body, string fields)
    {
        var answer = await Post(body);

        answer.ShouldBeProblem(HttpStatusCode.BadRequest, "validation_failed");
        answer.Node()["errors"]!.AsObject().Select(error => error.Key).ShouldBe(fields.Split(','), ignoreOrder: true);
    }

    [Fact]
    public void No_message_of_the_framework_reaches_the_caller()
    {
        ValidationAttribute[] attributes =
        [
            new RequiredAttribute(), new StringLengthAttribute(5), new StringLengthAttribute(5) { MinimumLength = 2 }, new RangeAttribute(1, 5),
            new RangeAttribute(typeof(decimal), "0.01", "5"), new RangeAttribute(1, 5) { MinimumIsExclusive = true }, new MaxLengthAttribute(5),
            new MinLengthAttribute(5),
            new LengthAttribute(1, 5), new RegularExpressionAttribute("^a$"), new AllowedValuesAttribute("a"), new DeniedValuesAttribute("a"),
            new EmailAddressAttribute(), new UrlAttribute(), new PhoneAttribute(), new Base64StringAttribute(), new CompareAttribute("Other"),
        ];
        attributes.Length.ShouldBeGreaterThan(15);
        foreach (var attribute in attributes)
        {
            var message = attribute.FormatErrorMessage("FullName");

            foreach (var language in new[] { "en", "ru" })
            {
                var said = FieldTexts.Say(message, language);
                said.ShouldNotContain("FullName", Case.Sensitive, message);
                said.ShouldNotContain("field", Case.Insensitive, message);
                said.ShouldNotContain("Attribute", Case.Insensitive, message);
                said.ShouldNotContain("type with", Case.Insensitive, message);
            }
        }
    }

    [Fact]
    public async Task A_body_of_another_type_is_415_and_one_that_is_too_large_is_413()
    {
        var form = await Send(new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"),
        });
        form.ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

        var unknownCharset = await Send(new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good)) { Headers = { { "Content-Type", "application/json; charset=nonsense" } } },
        });
        unknownCharset.ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

        var large = await Send(new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new StringContent($$"""{"fullName":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
            // It is refused by its length before it is sent. A client that kept sending would find the connection closed.
            Headers = { ExpectContinue = true },
        });
        large.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");

        var chunked = await Send(new HttpRequestMessage(HttpMethod.Post, "/things")
        {
            Content = new StringContent($$"""{"fullName":"{{new string('x', 1024 * 1024)}}"}""", Encoding.UTF8, "application/json"),
            Headers = { TransferEncodingChunked = true },
        });
        chunked.ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Theory]
    [InlineData("/nowhere", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/empty", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/things/abc", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/things/0", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/things/99999999999999999999", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/things", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("/things/5?limit=0", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("/things/5?limit=many", HttpStatusCode.BadRequest, "validation_failed")]
    [InlineData("/things/5?query=%00", HttpStatusCode.BadRequest, "request_invalid")]
    [InlineData("/refused", HttpStatusCode.Gone, "code_expired")]
    [InlineData("/away", HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData("/slow", HttpStatusCode.GatewayTimeout, "timed_out")]
    [InlineData("/broken", HttpStatusCode.InternalServerError, "internal_error")]
    public async Task Every_answer_other_than_success_is_a_problem_with_a_code(string path, HttpStatusCode status, string code)
    {
        var answer = await Send(new HttpRequestMessage(HttpMethod.Get, path));

        answer.ShouldBeProblem(status, code);
        answer.Json("type").ShouldBe($"urn:platform:problem:{code}");
        answer.Json("status").ShouldBe((long)status);
        ((string)answer.Json("title")!).ShouldNotBeEmpty();
        ((string)answer.Json("detail")!).ShouldNotBeEmpty();
        ((string)answer.Json("traceId")!).ShouldMatch("^[0-9a-f]{32}$");
        answer.Body.ShouldNotContain("hunter2");
        answer.Body.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task A_problem_is_JSON_whatever_the_Accept_header_says()
    {
        var answer = await Send(new HttpRequestMessage(HttpMethod.Get, "/refused") { Headers = { { "Accept", "text/html" } } });

        answer.ShouldBeProblem(HttpStatusCode.Gone, "code_expired");
        answer.Json("maxPoints").ShouldBe(5L);
    }

    [Fact]
    public async Task An_outage_answers_with_Retry_After()
    {
        var answer = await Send(new HttpRequestMessage(HttpMethod.Get, "/away"));

        answer.RetryAfter.ShouldBe(1);
    }

    [Fact]
    public async Task An_invalid_query_is_refused_and_the_parameter_is_named()
    {
        foreach (var query in new[] { "limit=0", "limit=many" })
        {
            var answer = await Send(new HttpRequestMessage(HttpMethod.Get, $"/things/5?{query}"));

            answer.Node()["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["limit"]);
        }
    }

    [Fact]
    public async Task A_problem_contains_the_callers_trace_id()
    {
        var answer = await Send(new HttpRequestMessage(HttpMethod.Get, "/broken")
        {
            Headers = { { "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } },
        });

        answer.Json("traceId").ShouldBe("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Fact]
    public async Task A_valid_body_is_accepted() => (await Post(Good)).Status.ShouldBe(HttpStatusCode.OK);

    private Task<Answer> Post(string body, string? languages = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/things") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        return Send(request);
    }

    private async Task<Answer> Send(HttpRequestMessage request) => await Answer.Of(await service.Client.SendAsync(request, Ct), Ct);
}
