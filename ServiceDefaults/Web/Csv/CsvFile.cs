using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Platform.ServiceDefaults.Web.Csv;

/// <summary>
/// A list as a file for a spreadsheet: RFC 4180, UTF-8 with the mark by which Excel knows it, a column for each property of a row in
/// camelCase, numbers with a point, instants in UTC. It is written as it is read, so it may be as long as it likes.
/// </summary>
/// <remarks>Every field is quoted, and text is kept from being taken for a formula: see <see cref="SpreadsheetText"/>.</remarks>
/// <param name="name">Of the file, with its ending.</param>
public sealed class CsvFile<TRow>(string name, IAsyncEnumerable<TRow> rows) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "text/csv";

    private static readonly CsvWriterOptions Options = new() { Quoting = CsvQuoting.Always, WriteByteOrderMark = true };

    private static readonly PropertyInfo[] Columns = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = $"{ContentType}; charset=utf-8";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = name }.ToString();

        await using var csv = CsvWriter.Create(response.Body, Options, leaveOpen: true);
        foreach (var column in Columns)
        {
            csv.WriteField(JsonNamingPolicy.CamelCase.ConvertName(column.Name));
        }

        await csv.EndRecordAsync(ct);
        await foreach (var row in rows.WithCancellation(ct))
        {
            foreach (var column in Columns)
            {
                csv.WriteField(TextOf(column.GetValue(row)));
            }

            await csv.EndRecordAsync(ct);
        }
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [ContentType]));

    private static string? TextOf(object? value) => value switch
    {
        string text => SpreadsheetText.Guard(text),
        DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}
