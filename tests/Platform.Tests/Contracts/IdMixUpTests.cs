using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Tests.Contracts;

/// <summary>
/// A replaced system broke in production because a Telegram id was passed for an internal id. Here the compiler refuses
/// that, and these tests ask the compiler.
/// </summary>
public sealed class IdMixUpTests
{
    [Fact]
    public void The_right_type_of_id_compiles() => Errors("Block(new UserId(5));").ShouldBeEmpty();

    [Theory]
    [InlineData("Block(new TelegramId(5));")]
    [InlineData("Block(new StaffId(5));")]
    [InlineData("Block(5);")]
    [InlineData("Block(5L);")]
    [InlineData("Block(new UserId(5).Value);")]
    public void A_wrong_type_of_id_or_a_bare_number_does_not_compile(string call) => Errors(call).ShouldBe(["CS1503"]);

    [Theory]
    [InlineData("UserId id = new TelegramId(5);", "CS0029")]
    [InlineData("long id = new UserId(5);", "CS0029")]
    [InlineData("var same = new UserId(5) == new TelegramId(5);", "CS0019")]
    [InlineData("var id = (UserId)new TelegramId(5);", "CS0030")]
    public void Ids_of_different_types_cannot_be_assigned_compared_or_cast(string statement, string error) => Errors(statement).ShouldBe([error]);

    private static IReadOnlyList<string> Errors(string statement)
    {
        var source = $$"""
            using Platform.Contracts;
            static class Mistake
            {
                static void Block(UserId id) { }
                static void Make() { {{statement}} }
            }
            """;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "mistake", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return
        [
            .. compilation.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id),
        ];
    }
}
