using System.Text.RegularExpressions;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class CsvFileTests
{
    public sealed record Row(OrderId Id, string? Name, Money Amount, DateTimeOffset PlacedAt);

    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 30, 0, TimeSpan.FromHours(3));

    [Fact]
    public async Task A_CSV_file_has_a_byte_order_mark_camel_case_names_invariant_numbers_and_UTC_times()
    {
        var (headers, body) = await Write([new Row(new OrderId(17), "Анна, \"Аня\"", new Money(-1250.50m), At),
            new Row(new OrderId(18), null, Money.Zero, At)]);

        body.Take(3).ShouldBe(new byte[] { 0xEF, 0xBB, 0xBF });
        System.Text.Encoding.UTF8.GetString(body.AsSpan(3)).ShouldBe(
            "\"id\",\"name\",\"amount\",\"placedAt\"\r\n"
            + "\"17\",\"Анна, \"\"Аня\"\"\",\"-1250.50\",\"2026-01-15T09:30:00Z\"\r\n"
            + "\"18\",\"\",\"0.00\",\"2026-01-15T09:30:00Z\"\r\n");
        headers.ContentType.ToString().ShouldBe("text/csv; charset=utf-8");
        headers.ContentDisposition.ToString().ShouldContain("attachment");
        headers.ContentDisposition.ToString().ShouldContain("orders.csv");
    }

    [Fact]
    public async Task A_CSV_file_without_rows_contains_only_the_header()
    {
        var (_, body) = await Write([]);

        System.Text.Encoding.UTF8.GetString(body.AsSpan(3)).ShouldBe("\"id\",\"name\",\"amount\",\"placedAt\"\r\n");
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+7 999 123-45-67", "'+7 999 123-45-67")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1+1", "'\t'=1+1")]
    [InlineData("\r=1+1", "'\r'=1+1")]
    [InlineData("\tname", "'\tname")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("\u00A0\u200B\uFEFF=1+1", "'\u00A0\u200B\uFEFF=1+1")]
    [InlineData("\"=1+1\"", "'\"=1+1\"")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("\uFF0B1", "'\uFF0B1")]
    [InlineData("\uFF0D1", "'\uFF0D1")]
    [InlineData("\uFF20SUM(A1)", "'\uFF20SUM(A1)")]
    [InlineData("\u22121", "'\u22121")]
    [InlineData("x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y")]
    [InlineData("x; \"=1\"", "x;' \"=1\"")]
    [InlineData("x\n=1", "x\n'=1")]
    [InlineData("x\t=1", "x\t'=1")]
    [InlineData("2 = 2, a-b; c+d", "2 = 2, a-b; c+d")]
    public async Task Formulas_are_escaped_wherever_a_cell_may_begin(string typed, string written) =>
        (await ReadBack(typed)).ShouldBe(written);

    [Fact]
    public void Any_text_is_read_back_unchanged_except_for_the_escaping_apostrophes() => Prop
        .ForAll(Typed, typed =>
        {
            var read = ReadBack(typed).GetAwaiter().GetResult();
            return read.Replace("'", "") == typed.Replace("'", "") && read.Length >= typed.Length;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void No_cell_begins_with_a_formula_however_a_spreadsheet_splits_the_line() => Prop
        .ForAll(Typed, typed =>
        {
            var (_, body) = Write([new Row(new OrderId(17), typed, new Money(-1.50m), At)]).GetAwaiter().GetResult();
            // Like a spreadsheet that ignores quotes, with any of these separators.
            return System.Text.Encoding.UTF8.GetString(body.AsSpan(3)).Split(';', '\t', '\r', '\n')
                .All(cell => !Regex.IsMatch(cell, """^[\s\p{Cf}"]*[-=+@\u2212\uFF1D\uFF0B\uFF0D\uFF20]"""));
        })
        .QuickCheckThrowOnFailure();

    /// <summary>Any text, often with one of the special characters.</summary>
    private static Arbitrary<string> Typed => Gen.OneOf(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get),
        Gen.Elements("=", "+", "-", "@", "\uFF1D", "\u2212", ";", ",", "\t", "\r", "\n", " ", "\u00A0", "\u200B", "\"", "'", "x", "1").ListOf()
            .Select(string.Concat))
        .ToArbitrary();

    private static async Task<string> ReadBack(string name)
    {
        var (_, body) = await Write([new Row(new OrderId(1), name, Money.Zero, At)]);
        using var csv = CsvReader.Create(new StreamReader(new MemoryStream(body)));
        await csv.ReadHeaderAsync(TestContext.Current.CancellationToken);
        (await csv.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return csv.GetString("name");
    }

    private static async Task<(IHeaderDictionary Headers, byte[] Body)> Write(IReadOnlyList<Row> rows)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await new CsvFile<Row>("orders.csv", rows.ToAsyncEnumerable()).ExecuteAsync(http);
        return (http.Response.Headers, body.ToArray());
    }
}
