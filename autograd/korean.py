"""What `autograd` shows, in Korean: `say` takes the English sentence. docs/words-ko.md has the words to use."""

from __future__ import annotations

from autograd.language import Words

say = Words(
    {
        # Counts
        "{number} nodes": "노드 {number}개",
        "{number} edges": "간선 {number}개",
        "{number} paths": "경로 {number}개",
        "{number} multiplications": "곱셈 {number}번",
        "{number} additions": "덧셈 {number}번",
        "{number} neurons": "뉴런 {number}개",
        "{number} parameters": "매개변수 {number}개",
        "{number} inputs": "입력 {number}개",
        "{number} steps": "단계 {number}개",
        "{number} operations": "연산 {number}개",
        "{number} constants": "상수 {number}개",
        # Tables of sweeps, paths and comparisons
        "node": "노드",
        "data": "값",
        "derivative": "도함수",
        "symbols": "기호",
        "numbers": "수",
        "value": "값",
        "no paths": "경로 없음",
        "… {count} more": "… 그 밖에 {count}개",
        "about {number}": "약 {number}",
        "{operations} operations ({multiplications} multiplications, {additions} additions)": (
            "연산 {operations}번 (곱셈 {multiplications}번, 덧셈 {additions}번)"
        ),
        "where {name} = {text}": "여기서 {name} = {text}",
        "{count} paths one by one: {cost}": "경로 {count}개를 하나씩: {cost}",
        "factored: {cost}": "인수분해하면: {cost}",
        "(.data was changed after recording)": "(기록한 뒤 .data가 바뀌었습니다)",
        "graph": "그래프",
        "differences": "차분",
        "∂f/∂{label}: graph {graph}, differences {differences}: {verdict}": (
            "∂f/∂{label}: 그래프 {graph}, 차분 {differences}: {verdict}"
        ),
        "{left} on the left and {right} on the right": "왼쪽에서 {left}, 오른쪽에서 {right}",
        "a kink": "꺾인 점",
        "a kink of {names}": "{names}의 꺾인 점",
        " and ": ", ",
        "OFF: at {kink} the graph takes {graph}, which is not between the two": (
            "다릅니다: {kink}에서 그래프의 값은 {graph}이며, 두 값 사이에 있지 않습니다"
        ),
        "at {kink} no derivative exists: the graph takes {graph} by convention": (
            "{kink}에서는 도함수가 없습니다. 그래프가 약속에 따라 쓰는 값은 {graph}입니다"
        ),
        "they agree": "일치합니다",
        "the differences are too uncertain to tell": "차분이 부정확하여 알 수 없습니다",
        "OFF by {off}{share}": "{off}만큼 다릅니다{share}",
        "no inputs, nothing to compare": "입력이 없어 비교할 것이 없습니다",
        # Pictures of graphs
        "data {number}": "값 {number}",
        "grad {number}": "기울기 {number}",
        "input": "입력",
        "output": "출력",
        "Graph of {text}": "{text}의 그래프",
        " from {inputs}": ", 입력 {inputs}",
        ", with {derivative}": ", {derivative} 표시",
        "; highlighted: {nodes}": "; 강조한 경로: {nodes}",
        "below {number}": "{number} 미만",
        "above {number}": "{number} 초과",
        "not reached": "닿지 않음",
        "used {count} times": "{count}번 사용",
        "{left}. Beside it: {right}": "{left}. 그 옆: {right}",
        # Pictures of networks
        "weight below 0": "가중치 0 미만",
        "above 0": "0 초과",
        "widest line: {number}": "가장 굵은 선: {number}",
        "in a circle: δ = ∂E/∂s, the gradient of the bias": "원 안: δ = ∂E/∂s, 곧 편향의 기울기",
        "bias node, fixed at 1": "편향 노드, 값은 늘 1",
        "input {name}": "입력 {name}",
        "neuron {number}": "뉴런 {number}",
        "output {number}": "출력 {number}",
        "neuron {number} in step {step}": "단계 {step}의 뉴런 {number}",
        "neuron": "뉴런",
        "layer": "층",
        "Network {model}: {inputs}": "신경망 {model}: {inputs}",
        ", {what} of {neurons}": ", {what}: {neurons}",
        "; {weights} weights and biases, {below} of them below 0": "; 가중치와 편향 {weights}개, 그중 0 미만 {below}개",
        "… {count} layers …": "… 층 {count}개 …",
        "loops: {size} × {size} weights u on the outputs of the step before": (
            "고리: 앞 단계의 출력에 붙은 가중치 u {size} × {size}개"
        ),
        "{name} before the first step": "첫 단계 앞의 {name}",
        "start": "시작",
        "step {number}": "단계 {number}",
        "; unrolled over {steps}, all with the same weights": "; {steps}로 펼침, 가중치는 모두 같음",
        # What `explain` tells of compiled code
        "recorded graph": "기록한 그래프",
        "with its gradient": "기울기까지",
        "reads": "읽는 것",
        "in all": "모두",
        "arithmetic": "산술",
        "  straight": "  곧은 코드",
        "  on a tape": "  테이프",
        "  repeated": "  반복",
        "  layer": "  층",
        "  products": "  곱",
        "  sums": "  합",
        "{nodes} nodes: {leaves} leaves": "노드 {nodes}개: 잎 {leaves}개",
        "{inputs} numbers a row, {parameters} parameters": "행마다 수 {inputs}개, 매개변수 {parameters}개",
        "{count} instructions": "명령 {count}개",
        "{turns} times {count} instructions": "명령 {count}개를 {turns}번",
        "{sums} sums of {products} products": "곱 {products}개의 합 {sums}개",
        "{size}, added up over rows": "{size}, 행에 걸쳐 더함",
        "{count} numbers, added up over rows": "수 {count}개, 행에 걸쳐 더함",
        "{pieces} straight pieces, {loops} layers; {slots} slots, blocks of {block} rows, {lanes} lanes": (
            "곧은 코드 {pieces}개, 층 {loops}개; 자리 {slots}개, {block}행씩, 한 번에 {lanes}개"
        ),
        "the graph engine's bits": "그래프 엔진과 같은 비트",
        "products added without rounding them first": "곱을 반올림하지 않고 더함",
        ", functions of whole vectors within 4 ulp": ", 벡터 함수의 오차는 4 ulp 이내",
        # The command line
        "{paths} from {name}": "{name}에서 나가는 {paths}",
        "graph written to {path}": "그래프를 저장한 파일: {path}",
        "page written to {path}": "페이지를 저장한 파일: {path}",
    }
)
