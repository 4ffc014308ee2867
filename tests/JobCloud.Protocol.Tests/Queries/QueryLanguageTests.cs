using FsCheck.Xunit;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Queries;

[Properties(Arbitrary = [typeof(Generators), typeof(QueryGenerators)], MaxTest = 300)]
public sealed class QueryLanguageTests
{
    [Property]
    public void What_is_printed_reads_back_as_the_same(Query query)
    {
        var read = QueryParser.Parse(QueryPrinter.Print(query));
        Assert.Empty(read.Errors);
        Assert.Equal(Shape(query), Shape(read.Value));
    }

    [Property]
    public void Any_text_gives_a_query_or_errors_within_it(Scrap scrap)
    {
        var read = QueryBinder.Read(scrap.Text, "me");
        Assert.All(read.Errors, error => Spans.AreWithin(scrap.Text, error));
    }

    [Property]
    public void A_query_without_errors_prints_as_one_without_errors(Scrap scrap)
    {
        var read = QueryParser.Parse(scrap.Text);
        if (read.Ok)
            Assert.Equal(
                Shape(read.Value),
                Shape(QueryParser.Parse(QueryPrinter.Print(read.Value)).Value)
            );
    }

    [Property]
    public void Errors_of_names_point_at_what_was_written(Query query)
    {
        var text = QueryPrinter.Print(query);
        Assert.All(QueryBinder.Read(text, "me").Errors, error => Spans.AreWithin(text, error));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("status=error,killed", "status=error,killed")]
    [InlineData("a b or c and not d", "(a b) or (c not d)")]
    [InlineData("not (a or b)", "not (a or b)")]
    [InlineData("limit=5 a sort=-created,label", "a sort=-created,label limit 5")]
    [InlineData("label~\"two words\"", "label~\"two words\"")]
    [InlineData("created > 2h", "created>2h")]
    [InlineData("((a))", "a")]
    [InlineData("\"or\"", "\"or\"")]
    public void Queries_have_one_way_to_be_written(string text, string printed)
    {
        var read = QueryParser.Parse(text);
        Assert.Empty(read.Errors);
        Assert.Equal(printed, QueryPrinter.Print(read.Value));
    }

    [Theory]
    [InlineData("stauts=error", 0, 6, "There is no field 'stauts': did you mean 'status'?")]
    [InlineData("a status=eror", 9, 4, "There is no status 'eror': did you mean 'error'?")]
    [InlineData("sort=creatd", 5, 6, "did you mean 'created'?")]
    [InlineData("priority<x", 9, 1, "'x' is not a whole number.")]
    [InlineData("priority<1,2", 11, 1, "'<' takes one value.")]
    [InlineData("status<done", 0, 6, "The field 'status' is compared with = !=.")]
    [InlineData("created>soon", 8, 4, "'soon' is not a time")]
    [InlineData("runtime>5", 8, 1, "'5' is not a length of time")]
    [InlineData("label=", 5, 1, "A value is missing after '='.")]
    [InlineData("label=a,", 5, 1, "A value is missing after ','.")]
    [InlineData("=a", 0, 1, "A field is missing before '='.")]
    [InlineData("(a", 0, 1, "This parenthesis is never closed.")]
    [InlineData("a)", 1, 1, "This parenthesis was never opened.")]
    [InlineData("()", 0, 1, "There is no condition between the parentheses.")]
    [InlineData("a or", 4, 0, "A condition is missing beside 'or'.")]
    [InlineData("not", 0, 3, "A condition is missing after 'not'.")]
    [InlineData("a and", 5, 0, "A condition is missing after 'and'.")]
    [InlineData("\"a", 0, 2, "A quote is opened and never closed.")]
    [InlineData("a!b", 1, 1, "'!' stands only in != and !~")]
    [InlineData("limit x", 0, 5, "Write limit N, with a whole number from 1.")]
    [InlineData("limit 0", 0, 5, "Write limit N, with a whole number from 1.")]
    [InlineData("sort", 0, 4, "Write sort=FIELD")]
    [InlineData("(a sort=label)", 3, 4, "'sort' cannot stand between parentheses.")]
    public void A_fault_is_told_with_its_place(string text, int at, int length, string message)
    {
        var error = Assert.Single(QueryBinder.Read(text, "me").Errors);
        Assert.Equal((at, length), (error.At, error.Length));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Several_faults_are_told_at_once() =>
        Assert.Equal(3, QueryBinder.Read("stauts=error =3 priority<x", "me").Errors.Count);

    [Theory]
    [InlineData('(')]
    [InlineData('a')]
    public void A_query_that_is_too_long_or_too_deep_is_refused(char c) =>
        Assert.NotEmpty(QueryParser.Parse(new string(c, c == '(' ? 4096 : 4097)).Errors);

    [Fact]
    public void The_reference_states_every_field()
    {
        Assert.DoesNotContain("{fields}", QueryReference.Text);
        foreach (var field in RowFields.All)
            Assert.Contains($"\n| `{field.Name}` | ", QueryReference.Text);
        Assert.Contains(
            "| `owner` | who submitted it; `me`: you | `= != ~ !~` |",
            QueryReference.Text
        );
    }

    [Fact]
    public void The_examples_of_the_reference_can_be_run()
    {
        var examples = QueryReference
            .Text.Split('\n')
            .Where(line => line.StartsWith("    "))
            .ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, line => Assert.Empty(QueryBinder.Read(line, "me").Errors));
    }

    // The query without the places of its pieces.
    private static string Shape(Query query)
    {
        var sort = query.Sort.Select(key => $"{key.Field.Text}/{key.Descending}");
        var filter = query.Filter is { } node ? Shape(node) : "";
        return $"{filter} [{string.Join('|', sort)}] {query.Limit}";
    }

    private static string Shape(QueryNode node) =>
        node switch
        {
            QueryNode.All all => $"all({string.Join('|', all.Parts.Select(Shape))})",
            QueryNode.Any any => $"any({string.Join('|', any.Parts.Select(Shape))})",
            QueryNode.Not not => $"not({Shape(not.Part)})",
            QueryNode.Word word => $"word({word.Text.Text})",
            QueryNode.Comparison c =>
                $"{c.Field.Text} {c.Operator} {string.Join('|', c.Values.Select(v => v.Text))}",
            _ => throw new InvalidOperationException(node.ToString()),
        };
}
