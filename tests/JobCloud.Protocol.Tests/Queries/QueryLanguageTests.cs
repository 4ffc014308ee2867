using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Queries;

[Properties(Arbitrary = [typeof(Generators), typeof(QueryGenerators)], MaxTest = 300)]
public sealed class QueryLanguageTests
{
    [Property]
    public void A_query_round_trips(Query query)
    {
        var read = QueryParser.Parse(QueryPrinter.Print(query));
        Assert.Empty(read.Errors);
        Assert.Equal(Shape(query), Shape(read.Value));
    }

    [Property]
    public void Any_text_parses_to_a_query_or_errors_within_it(Scrap scrap)
    {
        var read = QueryBinder.Read(scrap.Text, "me");
        Assert.All(read.Errors, error => Spans.AreWithin(scrap.Text, error));
    }

    [Property]
    public void A_parsed_query_round_trips(Scrap scrap)
    {
        var read = QueryParser.Parse(scrap.Text);
        if (read.Ok)
            Assert.Equal(
                Shape(read.Value),
                Shape(QueryParser.Parse(QueryPrinter.Print(read.Value)).Value)
            );
    }

    [Property]
    public void Errors_of_names_are_within_the_text(Query query)
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
    [InlineData("3,7-9 last", "3,7-9 last")]
    [InlineData("not failed,map:12 or label:night", "not failed,map:12 or label:night")]
    [InlineData("\"3\" \"last\" 3x 2026-11-22", "\"3\" \"last\" 3x 2026-11-22")]
    public void Queries_have_a_canonical_form(string text, string printed)
    {
        var read = QueryParser.Parse(text);
        Assert.Empty(read.Errors);
        Assert.Equal(printed, QueryPrinter.Print(read.Value));
    }

    [Theory]
    [InlineData("stauts=error", 0, 6, "Unknown field 'stauts': did you mean 'status'?")]
    [InlineData("a status=eror", 9, 4, "Unknown status 'eror': did you mean 'error'?")]
    [InlineData("sort=creatd", 5, 6, "did you mean 'created'?")]
    [InlineData("priority<x", 9, 1, "'x' is not a whole number.")]
    [InlineData("priority<1,2", 11, 1, "'<' takes one value.")]
    [InlineData("status<done", 0, 6, "The field 'status' supports only = !=.")]
    [InlineData("created>soon", 8, 4, "'soon' is not a time")]
    [InlineData("runtime>5", 8, 1, "'5' is not a duration")]
    [InlineData("label=", 5, 1, "Missing value after '='.")]
    [InlineData("label=a,", 5, 1, "Missing value after ','.")]
    [InlineData("=a", 0, 1, "Missing field before '='.")]
    [InlineData(
        "done,7",
        4,
        1,
        "A comma separates values, as in status=done,error; put a space or 'or' between conditions."
    )]
    [InlineData("(a", 0, 1, "Unclosed parenthesis.")]
    [InlineData("a)", 1, 1, "Unmatched closing parenthesis.")]
    [InlineData("()", 0, 1, "Missing condition between parentheses.")]
    [InlineData("a or", 4, 0, "Missing condition next to 'or'.")]
    [InlineData("not", 0, 3, "Missing condition after 'not'.")]
    [InlineData("a and", 5, 0, "Missing condition after 'and'.")]
    [InlineData("\"a", 0, 2, "Unterminated quote; close it")]
    [InlineData("a!b", 1, 1, "'!' is valid only in != and !~")]
    [InlineData("limit x", 0, 5, "Write limit N, where N is a whole number of at least 1.")]
    [InlineData("limit 0", 0, 5, "Write limit N, where N is a whole number of at least 1.")]
    [InlineData("sort", 0, 4, "Write sort=FIELD")]
    [InlineData("9-3", 0, 3, "'9-3' is reversed; write 3-9.")]
    [InlineData("a 3,0", 4, 1, "'0' is not a jid: jids start at 1.")]
    [InlineData("status:eror", 0, 11, "Unknown status in 'status:eror'")]
    [InlineData("map:x", 0, 5, "'map:x' is not a jid")]
    [InlineData("3,", 2, 0, "Missing jid after ','")]
    [InlineData("3,x", 2, 1, "'x' is not a jid")]
    [InlineData("(a sort=label)", 3, 4, "'sort' is not allowed inside parentheses.")]
    public void An_error_has_a_position_and_a_message(
        string text,
        int at,
        int length,
        string message
    )
    {
        var error = Assert.Single(QueryBinder.Read(text, "me").Errors);
        Assert.Equal((at, length), (error.At, error.Length));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void All_errors_are_reported_at_once() =>
        Assert.Equal(3, QueryBinder.Read("stauts=error =3 priority<x", "me").Errors.Count);

    [Theory]
    [InlineData('(')]
    [InlineData('a')]
    public void A_query_that_is_too_long_or_too_deep_is_an_error(char c) =>
        Assert.NotEmpty(QueryParser.Parse(new string(c, c == '(' ? 4096 : 4097)).Errors);

    [Theory]
    [InlineData("7", 7, true)]
    [InlineData("7", 8, false)]
    [InlineData("3,6-8", 7, true)]
    [InlineData("3,8-9", 7, false)]
    [InlineData("all", 7, true)]
    [InlineData("failed", 7, true)]
    [InlineData("unfinished", 7, false)]
    [InlineData("status:error", 7, true)]
    [InlineData("status:done,label:night", 7, true)]
    [InlineData("label:day", 7, false)]
    [InlineData("last", 7, true)]
    [InlineData("map:5", 7, true)]
    [InlineData("map:9", 7, false)]
    [InlineData("not 7", 7, false)]
    [InlineData("failed label~nig", 7, true)]
    public void A_jid_list_selects_the_jobs_that_it_selects_elsewhere(
        string text,
        long jid,
        bool isSelected
    )
    {
        var row = new Api.JobRow
        {
            First = jid,
            Last = jid,
            Label = "night",
            Counts = { 0, 0, 0, 0, 0, 1, 0, 0 },
        };
        var query = QueryBinder.Bind(QueryParser.Parse(text).Value, "me", Find);
        Assert.Empty(query.Errors);
        Assert.Equal(isSelected, QueryEvaluator.Matches(query.Value, row, 0));

        // The newest submission is 7, and 5 is of the map 5-7.
        static IReadOnlyList<JidRange> Find(Api.SelectionItem item) =>
            item.MapOf == 0 ? [JidRanges.Range(7, 7)]
            : item.MapOf == 5 ? [JidRanges.Range(5, 7)]
            : [];
    }

    [Fact]
    public void The_reference_lists_every_field()
    {
        Assert.DoesNotContain("{fields}", QueryReference.Text);
        foreach (var field in RowFields.All)
            Assert.Contains($"\n| `{field.Name}` | ", QueryReference.Text);
        Assert.Contains("| `owner` | its owner; `me`: you | `= != ~ !~` |", QueryReference.Text);
    }

    [Fact]
    public void The_examples_of_the_reference_are_valid()
    {
        var examples = QueryReference
            .Text.Split('\n')
            .Where(line => line.StartsWith("    "))
            .ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, line => Assert.Empty(QueryBinder.Read(line, "me").Errors));
    }

    // The query without positions.
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
            QueryNode.Jobs jobs => $"jobs({string.Join('|', jobs.Items)})",
            QueryNode.Comparison c =>
                $"{c.Field.Text} {c.Operator} {string.Join('|', c.Values.Select(v => v.Text))}",
            _ => throw new InvalidOperationException(node.ToString()),
        };
}
