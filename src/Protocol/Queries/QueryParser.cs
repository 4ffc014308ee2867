using System.Globalization;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

namespace JobCloud.Protocol.Queries;

/// <summary>Parses the language of <c>ls</c> (reference.md). It continues after errors.</summary>
public sealed class QueryParser
{
    /// <summary>The maximum length of a query, in characters.</summary>
    public const int MaxLength = 4096;

    internal static readonly string[] Reserved = ["and", "or", "not", "sort", "limit"];

    // Limit of nested parentheses and nots, to bound the stack.
    private const int MaxDepth = 64;

    private readonly List<TextError> _errors;
    private readonly List<QueryToken> _tokens;
    private readonly List<SortKey> _sort = [];
    private int? _limit;
    private int _position;

    private QueryParser(List<QueryToken> tokens, List<TextError> errors) =>
        (_tokens, _errors) = (tokens, errors);

    private QueryToken Current => _tokens[_position];

    public static QueryResult<Query> Parse(string text)
    {
        var errors = new List<TextError>();
        if (text.Length > MaxLength)
        {
            var message = $"The query is longer than {MaxLength} characters.";
            return new(new Query(null, [], null), [new TextError(0, text.Length, message)]);
        }
        var tokens = new QueryLexer(text, errors).Tokens();
        return new(new QueryParser(tokens, errors).ReadAll(), errors);
    }

    private Query ReadAll()
    {
        var parts = new List<QueryNode>();
        while (Current.Kind != QueryTokenKind.End)
        {
            if (ReadAny(0) is { } part)
                parts.Add(part);
            if (Current.Kind == QueryTokenKind.End)
                break;
            Unexpected();
            _position++;
        }
        return new Query(Combine(parts, p => new QueryNode.All(p)), _sort, _limit);
    }

    private QueryNode? ReadAny(int depth)
    {
        var parts = new List<QueryNode>();
        var first = true;
        while (first || TakeWord("or"))
        {
            var start = Current;
            var part = ReadEach(depth, out var empty);
            if (empty && (!first || IsWord("or")))
                Fail(start, "Missing condition next to 'or'.");
            if (part is not null)
                parts.Add(part);
            first = false;
        }
        return Combine(parts, p => new QueryNode.Any(p));
    }

    // `empty`: there is no condition, not even a faulty one.
    private QueryNode? ReadEach(int depth, out bool empty)
    {
        var parts = new List<QueryNode>();
        var start = _position;
        while (true)
        {
            if (ReadDirective(depth))
                continue;
            var joined = _position > start && TakeWord("and");
            if (!BeginsCondition())
            {
                if (joined)
                    Fail(Current, "Missing condition after 'and'.");
                break;
            }
            if (ReadOne(depth) is { } part)
                parts.Add(part);
        }
        empty = _position == start;
        return Combine(parts, p => new QueryNode.All(p));
    }

    private bool BeginsCondition() =>
        Current.Kind is QueryTokenKind.Quoted or QueryTokenKind.Open
        || (Current.Kind == QueryTokenKind.Word && !IsWord("or") && !IsWord("and"));

    private QueryNode? ReadOne(int depth)
    {
        var start = Current;
        if (depth >= MaxDepth)
        {
            Fail(start, $"Conditions are nested more than {MaxDepth} levels deep.");
            _position = _tokens.Count - 1;
            return null;
        }
        if (TakeWord("not"))
        {
            if (BeginsCondition())
                return ReadOne(depth + 1) is { } part ? new QueryNode.Not(part) : null;
            Fail(start, "Missing condition after 'not'.");
            return null;
        }
        if (Current.Kind == QueryTokenKind.Open)
            return ReadGroup(depth);
        return ReadTerm();
    }

    private QueryNode? ReadGroup(int depth)
    {
        var open = Current;
        _position++;
        var inner = ReadAny(depth + 1);
        if (Current.Kind != QueryTokenKind.Close)
            Fail(open, "Unclosed parenthesis.");
        else
        {
            _position++;
            if (inner is null)
                Fail(open, "Missing condition between parentheses.");
        }
        return inner;
    }

    private QueryNode? ReadTerm()
    {
        var token = Current;
        _position++;
        var text = new QueryText(token.Text, token.At, token.Length);
        if (Current.Kind != QueryTokenKind.Operator)
        {
            if (IsJobs(token))
                return ReadJobs(token);
            if (token.Kind == QueryTokenKind.Quoted || !Reserved.Contains(token.Text))
                return new QueryNode.Word(text);
            Fail(token, $"'{token.Text}' is not allowed here; quote it to search for it.");
            return null;
        }
        if (token.Kind == QueryTokenKind.Quoted)
            Fail(token, "Write field names without quotes.");
        var sign = Current;
        _position++;
        var values = ReadValues(sign);
        return values.Count > 0
            ? new QueryNode.Comparison(text, Operator(sign.Text), values)
            : null;
    }

    private static bool IsJobs(QueryToken token) =>
        token.Kind == QueryTokenKind.Word && JidNotation.IsItem(token.Text);

    private QueryNode? ReadJobs(QueryToken token)
    {
        var items = new List<SelectionItem>();
        while (true)
        {
            var item = JidNotation.Parse(token.Text);
            if (item.Ok)
                items.AddRange(item.Value.Items);
            else
                Fail(token, item.Error.Message);
            if (!Take(QueryTokenKind.Comma))
                return items.Count > 0 ? new QueryNode.Jobs(items) : null;
            token = Current;
            if (token.Kind != QueryTokenKind.Word)
            {
                Fail(token, "Missing jid after ','; give jids such as 3,7,10-19.");
                return null;
            }
            _position++;
        }
    }

    private List<QueryText> ReadValues(QueryToken sign)
    {
        var values = new List<QueryText>();
        do
        {
            if (Current.Kind is not (QueryTokenKind.Word or QueryTokenKind.Quoted))
            {
                Fail(sign, $"Missing value after '{_tokens[_position - 1].Text}'.");
                break;
            }
            values.Add(new QueryText(Current.Text, Current.At, Current.Length));
            _position++;
        } while (Take(QueryTokenKind.Comma));
        return values;
    }

    // sort=KEY,… and limit N are not part of the condition.
    private bool ReadDirective(int depth)
    {
        var token = Current;
        var isSort = IsWord("sort");
        if (!isSort && !IsWord("limit"))
            return false;
        _position++;
        var sign = Current;
        var signed = sign is { Kind: QueryTokenKind.Operator, Text: "=" };
        if (signed)
            _position++;
        if (depth > 0)
            Fail(token, $"'{token.Text}' is not allowed inside parentheses.");
        if (isSort && !signed)
            Fail(token, "Write sort=FIELD, or sort=-FIELD for descending order.");
        else if (isSort)
            ReadSort(token, ReadValues(sign));
        else
            ReadLimit(token);
        return true;
    }

    private void ReadSort(QueryToken token, List<QueryText> keys)
    {
        if (_sort.Count > 0)
            Fail(token, "'sort' is given twice; separate fields with commas.");
        foreach (var key in keys)
        {
            var descending = key.Text.StartsWith('-');
            var name = descending ? key.Text[1..] : key.Text;
            _sort.Add(new SortKey(key with { Text = name }, descending));
        }
    }

    private void ReadLimit(QueryToken token)
    {
        if (_limit is not null)
            Fail(token, "'limit' is given twice; give it once.");
        if (
            Current.Kind == QueryTokenKind.Word
            && int.TryParse(
                Current.Text,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var n
            )
            && n > 0
        )
        {
            _limit = n;
            _position++;
            return;
        }
        Fail(token, "Write limit N, where N is a whole number of at least 1.");
        if (Current.Kind == QueryTokenKind.Word && char.IsAsciiDigit(Current.Text[0]))
            _position++;
    }

    private void Unexpected() =>
        Fail(
            Current,
            Current.Kind switch
            {
                QueryTokenKind.Close => "Unmatched closing parenthesis.",
                QueryTokenKind.Operator => $"Missing field before '{Current.Text}'.",
                QueryTokenKind.Comma =>
                    "A comma separates values, as in status=done,error; put a space or 'or' between conditions.",
                _ => $"'{Current.Text}' is not allowed here.",
            }
        );

    private void Fail(QueryToken token, string message) =>
        _errors.Add(new TextError(token.At, token.Length, message));

    private bool IsWord(string word) => Current.Kind == QueryTokenKind.Word && Current.Text == word;

    private bool TakeWord(string word) => IsWord(word) && Take(QueryTokenKind.Word);

    private bool Take(QueryTokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        _position++;
        return true;
    }

    private static QueryNode? Combine(
        List<QueryNode> parts,
        Func<IReadOnlyList<QueryNode>, QueryNode> join
    ) =>
        parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => join(parts),
        };

    private static QueryOperator Operator(string sign) =>
        (QueryOperator)Array.IndexOf(QueryPrinter.Signs, sign);
}
