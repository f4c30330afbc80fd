"""What `nn` shows, in Korean: `say` takes the English sentence. docs/words-ko.md has the words to use."""

from __future__ import annotations

from autograd.language import Words

say = Words(
    {
        # Counts
        "{number} epochs": "에폭 {number}개",
        "{number} parameters": "매개변수 {number}개",
        "{number} samples": "샘플 {number}개",
        "{number} features": "특징 {number}개",
        "{number} Values": "Value {number}개",
        "{number} classes": "클래스 {number}개",
        # Models, optimizers and trainings, on a line and in a table
        "inputs": "입력",
        "outputs": "출력",
        "activation": "활성화 함수",
        "parameters": "매개변수",
        "hyperparameter": "하이퍼파라미터",
        "symbol": "기호",
        "value": "값",
        "slope {number}": "기울기 {number}",
        "… {count} more …": "… 그 밖에 {count}개 …",
        "recurrent": "순환",
        "the {name} above": "위의 {name}",
        "loss": "손실",
        "validation loss": "검증 손실",
        "learning rate": "학습률",
        "Training": "학습",
        "mistakes": "틀린 개수",
        "the weights repeat": "가중치가 되풀이됨",
        "converged": "수렴함",
        "stopped: {reason}": "멈춤: {reason}",
        "interrupted in epoch {0}": "에폭 {0}에서 중단됨",
        "a callback ended training after epoch {0}": "에폭 {0} 뒤에 콜백이 학습을 끝냄",
        "no lower loss for {0} epochs: back at epoch {1}": "{0}에폭 동안 손실이 더 줄지 않아 에폭 {1}(으)로 돌아감",
        "curves of {history}": "{history}의 곡선",
        # The perceptron, and samples that no line separates
        "separated by {weights}": "다음 가중치로 나뉩니다: {weights}",
        "No weights separate the samples. They would have to satisfy (each counted × times):": (
            "어떤 가중치로도 샘플을 나눌 수 없습니다. 나눈다면 다음을 모두 만족해야 합니다(× 뒤의 수만큼 더함):"
        ),
        "But {left} = {right} for any weights,": "그런데 가중치가 무엇이든 {left} = {right}이므로,",
        "and the left side would be ≥ 0, the right side < 0.": "왼쪽은 ≥ 0, 오른쪽은 < 0이어야 하므로 모순입니다.",
        # The δ rule
        "neuron": "뉴런",
        "neuron {number}": "뉴런 {number}",
        "output": "출력",
        "δ by the rule": "규칙으로 구한 δ",
        "δ from the graph": "그래프에서 구한 δ",
        "parameter": "매개변수",
        "∂E/∂w by the rule": "규칙으로 구한 ∂E/∂w",
        "∂E/∂w from the graph": "그래프에서 구한 ∂E/∂w",
        # A step of an optimizer
        "{method}, step {t} of {parameter}": "{method}, {parameter}의 {t}번째 걸음",
        "parameter {number}": "매개변수 {number}",
        "quantity": "양",
        "formula": "식",
        "numbers": "수",
        "before": "이전 값",
        "∂loss/∂w": "∂손실/∂w",
        "step": "걸음",
        "new": "새",
        # Plots
        "Decision regions": "결정 영역",
        "no line, because w₁ = w₂ = 0: the output is {sign} everywhere": (
            "w₁ = w₂ = 0이므로 직선이 없습니다. 출력은 어디서나 {sign}입니다"
        ),
        "false": "거짓",
        "true": "참",
        "upper": "위쪽",
        "lower": "아래쪽",
        "outer": "바깥쪽",
        "inner": "안쪽",
        "epoch": "에폭",
        "no epoch finished": "끝난 에폭이 없습니다",
        "start": "시작",
        "Optimizers' paths, from ○ to ✕": "최적화 방법의 경로, ○에서 ✕까지",
        "{name} (leaves)": "{name} (그림을 벗어남)",
        "step {step}: w = {w}, E = {error}, slope {slope}": "걸음 {step}: w = {w}, E = {error}, 기울기 {slope}",
        "error E": "오차 E",
        "after the hidden layer": "은닉층을 지난 뒤",
        "{count} not finite": "유한하지 않은 값 {count}개",
        "each dot one seed, each line the median": "점은 시드 하나, 선은 중앙값",
        "one reverse sweep": "역방향 한 번",
        "n forward sweeps": "순방향 n번",
        "Multiplications for the gradient": "기울기를 구하는 곱셈의 수",
        "inputs n": "입력의 수 n",
        "multiplications": "곱셈",
        "{name} (reaches 0 at layer {depth})": "{name} (층 {depth}에서 0)",
        "Product of local derivatives by depth": "깊이에 따른 국소 도함수의 곱",
        "depth (layers)": "깊이 (층)",
        "|product of derivatives|": "|도함수의 곱|",
        # The command line
        "OR by a perceptron with w = (−0.5, 1, 1): s = w₀ + w₁·x₁ + w₂·x₂, output τ(s)": (
            "w = (−0.5, 1, 1)인 퍼셉트론의 OR: s = w₀ + w₁·x₁ + w₂·x₂, 출력 τ(s)"
        ),
        "target": "목표",
        "decision line: {line}": "결정 직선: {line}",
        "The perceptron's rule, from weights 0: after each mistake, w ← w + y·x": (
            "퍼셉트론의 학습 규칙, 가중치 0에서 시작: 틀릴 때마다 w ← w + y·x"
        ),
        "τ is flat except at its jump: ∂τ/∂s at s = {s} is {slope}.": (
            "τ는 뛰는 점 말고는 평평합니다. s = {s}에서 ∂τ/∂s는 {slope}입니다."
        ),
        "So ∂τ/∂w₁ is {slope}, and backpropagation can't train a perceptron.": (
            "그래서 ∂τ/∂w₁도 {slope}이고, 퍼셉트론은 역전파로 학습할 수 없습니다."
        ),
        "mistakes in each epoch: {mistakes}   w = ({weights}), {line}": (
            "에폭마다 틀린 개수: {mistakes}   w = ({weights}), {line}"
        ),
        "mistakes in each epoch: {mistakes} …   w = ({weights}) comes back {again}, for ever": (
            "에폭마다 틀린 개수: {mistakes} …   w = ({weights}): {again} 끝없이 되돌아옵니다"
        ),
        "in every epoch": "에폭마다",
        "every {length} epochs": "{length}에폭마다",
        "XOR by one perceptron:": "퍼셉트론 하나로 XOR:",
        "The perceptron's rule never ends:": "퍼셉트론의 학습 규칙은 끝나지 않습니다:",
        "XOR by a network with a hidden layer:": "은닉층이 있는 신경망으로 XOR:",
        "on the samples held out: at least {least}, on average {mean}": "남겨 둔 샘플에서: 최소 {least}, 평균 {mean}",
        "solved from {solved} of {runs} seeds": "시드 {runs}개 가운데 {solved}개에서 풀림",
        "seed {seed}": "시드 {seed}",
        "loss {loss}": "손실 {loss}",
        "training accuracy {accuracy}": "학습 정확도 {accuracy}",
        "test accuracy {accuracy}": "시험 정확도 {accuracy}",
        "epoch {epoch} of {epochs}": "에폭 {epoch} / {epochs}",
        "epoch {epoch}, loss {loss}": "에폭 {epoch}, 손실 {loss}",
        "the first hidden neuron, trained with seed {seed}, drawn to {path}": (
            "시드 {seed}(으)로 학습한 첫 은닉 뉴런의 그림: {path}"
        ),
        "right at every bit: {all} of all 256 strings of 8 bits,  "
        "{longer} of 100 strings of 16 bits, a length never trained on": (
            "모든 비트를 맞힌 비율: 8비트 문자열 256개 가운데 {all},  "
            "학습한 적 없는 길이인 16비트 문자열 100개 가운데 {longer}"
        ),
        "plotted to {path}": "그래프를 그린 파일: {path}",
        "{about}\nMLP {widths}, {activation}, {loss}; {optimizer}, lr {lr}, batches of {batch}, {epochs} epochs": (
            "{about}\nMLP {widths}, {activation}, {loss}; {optimizer}, 학습률 {lr}, 배치 크기 {batch}, {epochs}에폭"
        ),
        "binary cross entropy with logits": "이진 교차 엔트로피(로짓)",
        "softmax cross entropy": "소프트맥스 교차 엔트로피",
        "XOR: four samples, all to train on": "XOR: 샘플 네 개를 모두 학습에 씀",
        "Fisher's iris: 150 flowers, 70% of each species to train on, 30% to test": (
            "피셔의 붓꽃: 꽃 150송이, 품종마다 70%로 학습하고 30%로 시험함"
        ),
        "two moons: 200 points, noise 0.1, of the run's seed; 70% to train on, 30% to test": (
            "두 반달: 점 200개, 잡음 0.1, 시드는 실행마다 다름. 70%로 학습하고 30%로 시험함"
        ),
        "handwritten digits: 1,797 of 8 × 8 pixels, 70% of each digit to train on, 30% to test": (
            "손으로 쓴 숫자: 8 × 8 화소 1,797개, 숫자마다 70%로 학습하고 30%로 시험함"
        ),
        "running parity: all strings of {lengths} bits, one length after another\n"
        "Elman network 1-{width}-1, tanh, first weights uniform in ±{bound}, binary cross-entropy at "
        "each bit; Adam, lr {lr}, batches of {batch},\n"
        "at most {steps} steps for a length, fewer once the loss is below {enough}": (
            "이어지는 홀짝: {lengths}비트 문자열 모두, 짧은 것부터 차례로\n"
            "엘만 신경망 1-{width}-1, tanh, 첫 가중치는 ±{bound} 안에서 고르게, 비트마다 이진 교차 엔트로피; "
            "Adam, 학습률 {lr}, 배치 크기 {batch},\n"
            "길이마다 많아야 {steps}걸음, 손실이 {enough} 아래로 내려가면 그만둠"
        ),
    }
)
