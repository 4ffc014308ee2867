using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Queries;

/// <summary>Resolves the names of a query and parses its values.</summary>
public sealed class QueryBinder
{
    private readonly List<TextError> _errors = [];
    private readonly string _me;
    private readonly Func<SelectionItem, IReadOnlyList<JidRange>>? _find;

    private QueryBinder(string me, Func<SelectionItem, IReadOnlyList<JidRange>>? find) =>
        (_me, _find) = (me, find);

    /// <summary>Parses and binds a query: all errors, or a query that is ready to run.</summary>
    /// <param name="me">The user of <c>owner=me</c>.</param>
    public static QueryResult<BoundQuery> Read(string text, string me)
    {
        var parsed = QueryParser.Parse(text);
        var bound = Bind(parsed.Value, me);
        return new(bound.Value, [.. parsed.Errors.Concat(bound.Errors).OrderBy(e => e.At)]);
    }

    /// <param name="find">The jids of <c>last</c> and of a map; null: rows are whole maps, and the
    /// newest job is not known.</param>
    public static QueryResult<BoundQuery> Bind(
        Query query,
        string me,
        Func<SelectionItem, IReadOnlyList<JidRange>>? find = null
    )
    {
        var binder = new QueryBinder(me, find);
        var filter = query.Filter is { } node ? binder.Bind(node) : null;
        var sort = new List<BoundSortKey>();
        foreach (var key in query.Sort)
        {
            if (binder.Field(key.Field) is { } field)
                sort.Add(new BoundSortKey(field, key.Descending));
        }
        return new(new BoundQuery(filter, sort, query.Limit), binder._errors);
    }

    private BoundNode Bind(QueryNode node) =>
        node switch
        {
            QueryNode.All all => new BoundNode.All([.. all.Parts.Select(Bind)]),
            QueryNode.Any any => new BoundNode.Any([.. any.Parts.Select(Bind)]),
            QueryNode.Not not => new BoundNode.Not(Bind(not.Part)),
            QueryNode.Word word => Contains(new Operand(word.Text.Text)),
            QueryNode.Comparison comparison => Bind(comparison),
            QueryNode.Jobs jobs => Bind(jobs),
            _ => Nothing,
        };

    private static BoundNode Nothing { get; } = new BoundNode.Any([]);

    private static BoundNode.Any Contains(Operand text) =>
        new([
            new BoundNode.Test(RowFields.Label, QueryOperator.Contains, text),
            new BoundNode.Test(RowFields.Command, QueryOperator.Contains, text),
        ]);

    private BoundNode.Any Bind(QueryNode.Jobs jobs)
    {
        var (parts, jids) = (new List<BoundNode>(), new List<JidRange>());
        foreach (var item in jobs.Items)
            switch (item.ItemCase)
            {
                case SelectionItem.ItemOneofCase.Range:
                    jids.Add(item.Range);
                    break;
                case SelectionItem.ItemOneofCase.Label:
                    parts.Add(
                        new BoundNode.Test(RowFields.Label, QueryOperator.Equal, new(item.Label))
                    );
                    break;
                case SelectionItem.ItemOneofCase.Status:
                    parts.Add(Is(item.Status));
                    break;
                case SelectionItem.ItemOneofCase.MapOf when _find is null:
                    jids.Add(JidRanges.Range(item.MapOf, item.MapOf));
                    break;
                case SelectionItem.ItemOneofCase.Word when item.Word == SelectionWord.All:
                    parts.Add(new BoundNode.All([]));
                    break;
                case SelectionItem.ItemOneofCase.Word when item.Word != SelectionWord.Last:
                    parts.AddRange(StatusesOf(item.Word).Select(Is));
                    break;
                case SelectionItem.ItemOneofCase.Word when _find is null:
                    _errors.Add(
                        new TextError(
                            0,
                            0,
                            "'last' is not known here; the newest job is the first."
                        )
                    );
                    break;
                default:
                    jids.AddRange(_find!(item));
                    break;
            }
        return new([.. parts, .. JidRanges.Normalize(jids).Select(Within)]);
    }

    private static IEnumerable<Status> StatusesOf(SelectionWord word) =>
        word == SelectionWord.Failed
            ? [Status.Error, Status.Killed, Status.Stalled]
            : [Status.Waiting, Status.Queued, Status.Processing];

    private static BoundNode.Test Is(Status status) =>
        new(RowFields.Status, QueryOperator.Equal, new(Number: (long)status));

    private static BoundNode Within(JidRange jids) =>
        jids.First == jids.Last
            ? Jid(QueryOperator.Equal, jids.First)
            : new BoundNode.All([
                Jid(QueryOperator.GreaterOrEqual, jids.First),
                Jid(QueryOperator.LessOrEqual, jids.Last),
            ]);

    private static BoundNode.Test Jid(QueryOperator sign, long jid) =>
        new(RowFields.Jid, sign, new(Number: jid));

    private BoundNode Bind(QueryNode.Comparison comparison)
    {
        var (name, sign, values) = comparison;
        if (Field(name) is not { } field)
            return Nothing;
        if (!QueryOperators.Of(field).Contains(sign))
        {
            var signs = QueryOperators.Format(field);
            return Fail(name, $"The field '{field.Name}' supports only {signs}.");
        }
        if (values.Count > 1 && sign >= QueryOperator.Less)
            return Fail(values[1], $"'{QueryPrinter.Signs[(int)sign]}' takes one value.");
        var negated = sign is QueryOperator.NotEqual or QueryOperator.NotContains;
        var test = negated ? sign - 1 : sign;
        var tests = new List<BoundNode>();
        foreach (var value in values)
        {
            if (Operand(field, value) is { } operand)
                tests.Add(new BoundNode.Test(field, test, operand));
        }
        var any = tests.Count == 1 ? tests[0] : new BoundNode.Any(tests);
        return negated ? new BoundNode.Not(any) : any;
    }

    private RowField? Field(QueryText name)
    {
        if (RowFields.Find(name.Text) is { } field)
            return field;
        var hint = Suggestions.Hint(name.Text, RowFields.Names);
        Fail(name, $"Unknown field '{name.Text}': {hint}");
        return null;
    }

    private Operand? Operand(RowField field, QueryText value)
    {
        switch (field)
        {
            case RowField.Text:
                var mine = field == RowFields.Owner && value.Text == "me";
                return new Operand(mine ? _me : value.Text);
            case RowField.Number:
                if (
                    long.TryParse(
                        value.Text,
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                )
                {
                    return new Operand(Number: number);
                }
                Fail(value, $"'{value.Text}' is not a whole number.");
                return null;
            case RowField.Statuses:
                if (StatusNames.TryParse(value.Text, out var status))
                    return new Operand(Number: (long)status);
                var hint = Suggestions.Hint(value.Text, StatusNames.All);
                Fail(value, $"Unknown status '{value.Text}': {hint}");
                return null;
            case RowField.Duration:
                return Micros(value, Durations.Parse(value.Text));
            default:
                return Durations.Parse(value.Text) is { Ok: true } ago
                    ? new Operand(Number: ago.Value.ToMicroseconds(), Ago: true)
                    : Micros(value, Instants.Parse(value.Text, 0, TimeSpan.Zero));
        }
    }

    private Operand? Micros(QueryText value, Parsed<TimeSpan> length)
    {
        if (length.Ok)
            return new Operand(Number: length.Value.ToMicroseconds());
        Fail(value, length.Error.Message);
        return null;
    }

    private Operand? Micros(QueryText value, Parsed<long> instant)
    {
        if (instant.Ok)
            return new Operand(Number: instant.Value);
        Fail(value, instant.Error.Message);
        return null;
    }

    private BoundNode Fail(QueryText text, string message)
    {
        _errors.Add(new TextError(text.At, text.Length, message));
        return Nothing;
    }
}
