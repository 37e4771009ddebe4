using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace Platform.Testing;

/// <summary>A service's response, read for assertions.</summary>
public sealed class Answer
{
    private readonly HttpResponseMessage _response;

    private Answer(HttpResponseMessage response, string body) => (_response, Body) = (response, body);

    public HttpStatusCode Status => _response.StatusCode;

    public string Body { get; }

    public string? Location => _response.Headers.Location?.ToString();

    /// <summary>In seconds.</summary>
    public double? RetryAfter => _response.Headers.RetryAfter?.Delta?.TotalSeconds;

    public string AccessToken => Json("accessToken").ShouldBeOfType<string>(Body);

    public string RefreshToken => Json("refreshToken").ShouldBeOfType<string>(Body);

    /// <summary>Reads the whole response, except a stream of events, which has no end.</summary>
    public static async Task<Answer> Of(HttpResponseMessage response, CancellationToken ct) =>
        new(response, response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync(ct));

    public override string ToString() => $"{(int)Status} {Body}";

    public string? Header(string name) => _response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The field at a path such as <c>errors.phone</c>; a whole number is a <c>long</c>. Null also for a missing field.</summary>
    public object? Json(string path)
    {
        using var document = JsonDocument.Parse(Body);
        var field = document.RootElement;
        foreach (var name in path.Split('.'))
        {
            if (!field.TryGetProperty(name, out field))
            {
                return null;
            }
        }

        return field.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => field.GetString(),
            JsonValueKind.Number => field.TryGetInt64(out var whole) ? (object)whole : field.GetDecimal(),
            _ => field.GetRawText(),
        };
    }

    /// <summary>The body without the field in which equal problems differ.</summary>
    public string WithoutTraceId()
    {
        var body = JsonNode.Parse(Body)!.AsObject();
        body.Remove("traceId");
        return body.ToJsonString();
    }

    /// <summary>Whether it is a complete problem: with a code and a trace id.</summary>
    public bool IsProblem =>
        _response.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && Json("code") is string { Length: > 0 } code && code.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
        && Json("traceId") is string { Length: > 0 };

    public void ShouldBeProblem(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Body);
        IsProblem.ShouldBeTrue(Body);
        Json("code").ShouldBe(code, Body);
    }
}
